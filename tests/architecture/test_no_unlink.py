"""Nothing of the user's is ever deleted or overwritten: every call that could do so stands in this list, with what it is for."""

from __future__ import annotations

import ast

from tests.support.sources import calls, dotted, trees

ALLOWED: dict[str, set[str]] = {
    # The only room that moves a user's file; what it unlinks are markers and trash records that it wrote itself.
    "engine/actions/primitives.py": {"link", "moveToTrash", "os.open", "rename", "rmdir", "unlink"},
    "engine/actions/plan.py": {"fdopen", "os.open"},  # a plan file, where the user asked for one
    # A report or export, where the user asked for one: written beside its place, then put there in one step.
    "engine/cli/output.py": {"fdopen", "mkstemp", "replace", "unlink"},
    # Our own cache: disposable, below the cache folder.
    "engine/store/columns.py": {"ftruncate"},
    "engine/store/library_file.py": {"ftruncate"},
    "engine/loops/machine_code.py": {"mkstemp", "open", "replace"},  # machine code in its own folder below the cache
    "engine/store/files.py": {"os.open", "rename", "replace", "unlink"},
    "engine/store/lock.py": {"ftruncate"},
    # Our own user data: copies before a migration, a damaged database set aside.
    "engine/userdata/backups.py": {"os.open", "rename", "unlink"},
    "engine/userdata/database.py": {"rename"},
    "engine/jobs/canvas.py": {"ftruncate", "truncate"},  # memory that a worker fills; it has no name on any disk
    "engine/jobs/sample.py": {"open"},  # sample pictures in an empty folder; never over a file that is there
}

REMOVING = {"unlink", "remove", "rmtree", "rmdir", "removedirs", "replace", "rename", "renames", "truncate", "ftruncate"}
REMOVING |= {"write_text", "write_bytes", "moveToTrash", "copyfile", "copy2", "copytree", "symlink", "link", "mkstemp"}
ALWAYS_FILES = {"unlink", "rmtree", "rmdir", "removedirs", "renames", "rename", "ftruncate", "write_text", "write_bytes"}
ALWAYS_FILES |= {"moveToTrash", "copyfile", "copytree", "mkstemp"}
WRITING_FLAGS = {"O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "O_APPEND"}


def _mode(call: ast.Call, place: int) -> str:
    given = call.args[place] if len(call.args) > place else next((k.value for k in call.keywords if k.arg == "mode"), None)
    return given.value if isinstance(given, ast.Constant) and isinstance(given.value, str) else "?" if given is not None else "r"


def _dangerous(call: ast.Call) -> str | None:
    """Name of a call that could remove, rename, overwrite or create a file; None for all others."""
    name = dotted(call.func)
    last = name.rsplit(".", 1)[-1]
    if last in ALWAYS_FILES and "." in name:
        return last
    if name.startswith(("os.", "shutil.")) and last in REMOVING:
        return last
    if last == "replace" and "." in name and len(call.args) == 1 and not call.keywords:
        return "replace"  # of a path; a text's takes two arguments
    if last == "truncate" and "." in name:
        return last
    if name == "open" and set(_mode(call, 1)) & set("wax+?"):
        return "open"
    if last == "open" and name != "open" and name != "os.open" and "." in name and set(_mode(call, 0)) & set("wax+"):
        return "open"
    if name == "os.fdopen" and set(_mode(call, 1)) & set("wax+?"):
        return "fdopen"
    if name == "os.open" and any(isinstance(n, ast.Attribute) and n.attr in WRITING_FLAGS for n in ast.walk(call)):
        return "os.open"
    return None


def found() -> dict[str, set[str]]:
    """Dangerous calls by file."""
    every: dict[str, set[str]] = {}
    for package in ("engine", "imgfp_gui"):
        for path, tree in trees(package).items():
            for call in calls(tree):
                name = _dangerous(call)
                if name:
                    every.setdefault(path, set()).add(name)
    return every


def test_only_these_places_may_write_rename_or_remove_a_file() -> None:
    every = found()

    strangers = {path: sorted(names - ALLOWED.get(path, set())) for path, names in every.items()}
    assert {path: names for path, names in strangers.items() if names} == {}


def test_the_list_of_these_places_is_not_longer_than_the_truth() -> None:
    every = found()

    stale = {path: sorted(names - every.get(path, set())) for path, names in ALLOWED.items()}
    assert {path: names for path, names in stale.items() if names} == {}


def test_the_search_sees_what_it_is_for() -> None:
    source = """
os.unlink(a); p.unlink(); os.remove(a); shutil.rmtree(a); os.replace(a, b); p.replace(b); p.rename(b); f.truncate(0)
open(a, "w"); open(a, mode="ab"); p.open("x"); p.write_text(t); os.open(a, os.O_WRONLY | os.O_CREAT); open(a, how)
text.replace("a", "b"); replace(record, x=1); items.remove(x); open(a, "rb"); open(a); os.open(a, os.O_RDONLY); p.open()
"""
    seen = [call.lineno for call in calls(ast.parse(source)) if _dangerous(call)]

    assert (seen.count(2), seen.count(3), seen.count(4)) == (8, 6, 0)

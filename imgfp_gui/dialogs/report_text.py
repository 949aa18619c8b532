"""A report that tells nothing about the user: what happened, with every name of a person, a disk, a folder or a file replaced.

The same name becomes the same short token throughout one report, so that it can still be followed.
"""

from __future__ import annotations

import getpass
import platform
import re
import sys
import sysconfig
import traceback
from collections.abc import Iterable

from PySide6.QtCore import QStandardPaths, QSysInfo, qVersion

QUOTED = re.compile(r"(?P<q>['\"])(?P<text>(?:\\.|(?!(?P=q))[^\\\n])+)(?P=q)")
PLACE = re.compile(r"(?<![\w.~>\-])(?:[A-Za-z]:\\|\\\\|file:/+|/)[^\s'\"<>|:*?,;()\[\]{}]+")
FILE = re.compile(r"[^\s'\"/\\<>|:*?,;()\[\]{}=]+\.(?:[A-Za-z][A-Za-z0-9]{1,4})\b")
OURS = ("py", "pyc", "so", "pyd", "dll", "dylib")
DISKS = ("media", "mnt", "Volumes", "run")
KNOWN = re.compile(r"^(?:imgfp_gui|engine|tests|python\d?[\d.]*|site-packages|lib|usr|bin|<[^>]*>)$")


class Tokens:
    """Replaces names. people: names of users and computers; longest first, so that none is cut in half."""

    def __init__(self, home: str, people: Iterable[str]) -> None:
        self._home = home.rstrip("/\\")
        self._people = sorted({name for name in people if len(name) > 1}, key=len, reverse=True)
        self._given: dict[str, str] = {}
        self._counts: dict[str, int] = {}

    def clean(self, text: str) -> str:
        """The text without names."""
        text = QUOTED.sub(self._quoted, text)
        text = PLACE.sub(lambda found: self._place(found.group()), text)
        text = FILE.sub(lambda found: self._file(found.group()), text)
        for name in self._people:
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", self._token("user", name), text, flags=re.IGNORECASE)
        return text

    def _quoted(self, found: re.Match[str]) -> str:
        text, quote = found.group("text"), found.group("q")
        if "/" in text or "\\" in text:
            return f"{quote}{self._place(text)}{quote}"
        if FILE.search(text):
            return f"{quote}{self._file(text)}{quote}"
        return found.group()

    def _place(self, path: str) -> str:
        """A path piece by piece: where the program itself lies stays readable."""
        own = _own(path)
        if own is not None:
            return own
        if self._home and path.startswith(self._home):
            path = "~" + path[len(self._home) :]
        pieces = re.split(r"([/\\]+)", path)
        last = len(pieces) - 1
        return "".join(self._piece(piece, before=pieces[:at], last=at == last) for at, piece in enumerate(pieces))

    def _piece(self, piece: str, before: list[str], *, last: bool) -> str:
        plain = not piece or piece in ("~", "file:", ".", "..") or re.fullmatch(r"[/\\]+|[A-Za-z]:", piece)
        if plain or KNOWN.match(piece) or piece in DISKS or piece in ("home", "Users", "tmp"):
            return piece
        if piece.casefold() in (name.casefold() for name in self._people):
            return self._token("user", piece)
        above = [name for name in before if name.strip("/\\")]
        if above and above[-1] in ("home", "Users"):
            return self._token("user", piece)
        if above and (above[-1] in DISKS or (len(above) > 1 and above[-2] in DISKS)):
            return self._token("disk", piece)
        return self._file(piece) if last and "." in piece[1:] else self._token("folder", piece)

    def _file(self, name: str) -> str:
        stem, dot, suffix = name.rpartition(".")
        if suffix.lower() in OURS or not dot:
            return name
        return f"{self._token('file', stem)}.{suffix.lower()}"

    def _token(self, kind: str, name: str) -> str:
        if re.fullmatch(r"<\w+ \d+>", name):
            return name
        if name not in self._given:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            self._given[name] = f"<{kind} {self._counts[kind]}>"
        return self._given[name]


def _own(path: str) -> str | None:
    """A place inside the program or its Python, from there on; None for any other."""
    roots = {__file__.rpartition("imgfp_gui")[0].rstrip("/\\"): "", sysconfig.get_paths()["purelib"]: ""}
    roots[sysconfig.get_paths()["stdlib"]] = "python"
    for root in sorted(roots, key=len, reverse=True):
        inside = root and path.startswith((f"{root}/", f"{root}\\"))
        if inside and path.endswith(tuple(f".{end}" for end in OURS)):
            return f"{roots[root]}{path[len(root) :]}".lstrip("/\\")
    return None


def tokens_here() -> Tokens:
    """For the user who is logged in, on this computer."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):
        user = ""
    home = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.HomeLocation)
    return Tokens(home, (user, home.rpartition("/")[2], platform.node()))


def facts(version: str) -> str:
    """What the program runs on, in a few lines."""
    lines = (
        f"imgfp {version}",
        f"Python {platform.python_version()}, Qt {qVersion()}",
        f"{QSysInfo.prettyProductName()}, {QSysInfo.currentCpuArchitecture()}",
        f"frozen: {bool(getattr(sys, 'frozen', False))}",
    )
    return "\n".join(lines)


def of_error(error: BaseException, version: str) -> str:
    """The whole report about an exception that nobody caught."""
    told = "".join(traceback.format_exception(error))
    return f"{facts(version)}\n\n{tokens_here().clean(told)}".strip() + "\n"

"""Arguments of each command. Paths stay as the system gave them (undecodable bytes survive)."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine import __version__
from engine.config import DEFAULT_PRESET, PRESETS, SCHEMES


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """The options of one call; leaves through SystemExit(2) when they make no sense."""
    parser = argparse.ArgumentParser(
        prog="imgfp",
        description="Finds duplicate and near-duplicate photos. Nothing is ever deleted: files move to the trash or a folder.",
    )
    parser.add_argument("--version", action="version", version=f"imgfp {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for add in (
        _scan,
        _compare,
        _inspect,
        _find,
        _propose,
        _apply,
        _history,
        _undo,
        _decide,
        _export,
        _calibrate,
        _store,
        _doctor,
    ):
        add(commands)
    return parser.parse_args(list(argv))


if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", metavar="FILE|-", help="write JSON to this file, or to standard output")


def _scheme(parser: argparse.ArgumentParser, *, settings: bool = False) -> None:
    """settings: the command has no settings file yet."""
    parser.add_argument("--scheme", choices=SCHEMES, help="another program's fingerprints and score in place of our own")
    if settings:
        parser.add_argument("--settings", metavar="FILE", help="TOML file; here only its tables imgfprint and related count")


def _line(text: str) -> float | str:
    if text == "auto":
        return text
    value = float(text)
    if not 0.0 <= value <= 1.0:
        raise argparse.ArgumentTypeError("a similarity lies between 0 and 1")
    return value


def _workers(text: str) -> int:
    value = int(text)
    if not 0 <= value <= 64:
        raise argparse.ArgumentTypeError("between 0 (automatic) and 64")
    return value


def _scan(commands: Commands) -> None:
    p = commands.add_parser("scan", help="index folders, find duplicates, write a report")
    p.add_argument("folders", nargs="+", metavar="FOLDER")
    _json(p)
    p.add_argument("--preset", choices=list(PRESETS), help=f"how strict (default: {DEFAULT_PRESET})")
    p.add_argument(
        "--threshold", type=_line, metavar="T|auto", help="similarity line, 0 to 1, or auto for a library of this size"
    )
    p.add_argument("--progress", choices=("bar", "json", "none"), help="default: bar on a terminal, else none")
    p.add_argument("--workers", type=_workers, metavar="N", help="reading processes (default: one a core, at most 8)")
    p.add_argument("--protect", action="append", default=[], metavar="FOLDER", help="nothing below is ever suggested or moved")
    p.add_argument("--settings", metavar="FILE", help="TOML file with preset, threshold, moments, protected, workers, pace")
    p.add_argument("--profile", action="store_true", help="tell on standard error what reading cost")
    p.add_argument(
        "--quick", action="store_true", help="stop after embedded thumbnails: provisional clusters, nothing is suggested"
    )
    _scheme(p)


def _compare(commands: Commands) -> None:
    p = commands.add_parser("compare", help="how alike two files are")
    p.add_argument("a", metavar="A")
    p.add_argument("b", metavar="B")
    _json(p)
    _scheme(p, settings=True)


def _inspect(commands: Commands) -> None:
    p = commands.add_parser("inspect", help="facts, fingerprints and digests of one file")
    p.add_argument("file", metavar="FILE")
    _json(p)
    _scheme(p, settings=True)


def _find(commands: Commands) -> None:
    p = commands.add_parser("find", help="pictures like this one")
    p.add_argument("picture", metavar="PICTURE")
    p.add_argument("folders", nargs="*", metavar="FOLDER", help="where to look (default: everything in the cache)")
    _json(p)
    _related(p)
    _scheme(p, settings=True)


def _related(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--related",
        nargs="?",
        const="",
        metavar="MODEL.onnx",
        help="list visually related pictures too, by a model of yours (none is bundled; default: that of the settings file)",
    )


def _propose(commands: Commands) -> None:
    p = commands.add_parser("propose", help="a plan from a report by the keeper rules; nothing is touched")
    p.add_argument("report", metavar="REPORT")
    p.add_argument("--rules", metavar="FILE", help="TOML file with order and remove")
    _json(p)


def _apply(commands: Commands) -> None:
    p = commands.add_parser("apply", help="carry a plan out, with every check")
    p.add_argument("plan", metavar="PLAN")
    p.add_argument("--dry-run", action="store_true", help="make every check, move nothing")
    p.add_argument("--to", default="trash", metavar="trash|FOLDER", help="where the files go (default: trash)")
    _json(p)


def _history(commands: Commands) -> None:
    _json(commands.add_parser("history", help="what was done, newest first"))


def _undo(commands: Commands) -> None:
    p = commands.add_parser("undo", help="put the newest run, or the named one, back")
    p.add_argument("id", nargs="?", metavar="ID")
    _json(p)


def _decide(commands: Commands) -> None:
    p = commands.add_parser("decide", help="remember what you say of a cluster")
    p.add_argument("report", metavar="REPORT")
    p.add_argument("cluster", type=int, metavar="CLUSTER")
    choice = p.add_mutually_exclusive_group(required=True)
    for name in ("different", "keep-all", "forget"):
        choice.add_argument(f"--{name}", dest="choice", action="store_const", const=name)


def _export(commands: Commands) -> None:
    p = commands.add_parser("export", help="a report for a spreadsheet or a browser")
    p.add_argument("report", metavar="REPORT")
    target = p.add_mutually_exclusive_group(required=True)
    target.add_argument("--csv", metavar="FILE|-")
    target.add_argument("--html", metavar="FILE|-")


def _calibrate(commands: Commands) -> None:
    p = commands.add_parser("calibrate", help="not in this version")
    source = p.add_mutually_exclusive_group(required=True)
    source.add_argument("--self-test", metavar="FOLDER")
    source.add_argument("--answers", metavar="FILE")
    _json(p)


def _store(commands: Commands) -> None:
    p = commands.add_parser("store", help="the cache and the user's decisions")
    kinds = p.add_subparsers(dest="what", required=True, metavar="info|verify|compact|clear|export|import")
    for name in ("info", "verify", "compact", "clear"):
        _json(kinds.add_parser(name))
    for name in ("export", "import"):
        kinds.add_parser(name, help="not in this version").add_argument("file", metavar="FILE")


def _doctor(commands: Commands) -> None:
    _json(commands.add_parser("doctor", help="codecs, versions, folders, trash, screen"))

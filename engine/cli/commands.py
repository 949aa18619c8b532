"""What each command asks the session, how the answer is shown, and the exit code."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from engine import keepers
from engine.cli import CANCELLED, texts
from engine.cli.output import ProgressWriter, check_target, say, write_bytes, write_chunks, write_json
from engine.cli.profile import profile_lines
from engine.cli.related import related
from engine.cli.runner import Runner
from engine.cli.schemes import matching, settings_of
from engine.config import DEFAULT_PRESET, PRESETS, MatchOptions, ScanOptions
from engine.errors import Cancelled, EngineError, UsageError
from engine.log import start_log
from engine.names import display_text
from engine.report import CSV_HEAD, HTML_HEAD, export_csv, export_html, read_report, report_chunks
from engine.settings import Settings

OK, INTERNAL, USAGE, NOTHING, REFUSED = 0, 1, 2, 3, 5

log = logging.getLogger(__name__)


def run(options: argparse.Namespace) -> int:
    """Run one parsed command; every error becomes a sentence on standard error and an exit code."""
    start_log()
    name = options.command
    try:
        check_target(getattr(options, "json", None))
        if name in WITHOUT_SESSION:
            return WITHOUT_SESSION[name](options)
        runner = Runner()
        try:
            runner.session.noted.connect(lambda note: say(display_text(note)))
            return WITH_SESSION[name](options, runner)
        finally:
            runner.close()
    except EngineError as error:
        say(f"imgfp: {display_text(error.message)}" + (f" {display_text(error.hint)}" if error.hint else ""))
        return error.exit_code
    except Cancelled:
        return CANCELLED
    except BrokenPipeError:
        sys.stderr.close()
        return INTERNAL
    except Exception as error:
        log.exception("event=command_failed command=%s", name)
        say(f"imgfp: something went wrong inside imgfp ({type(error).__name__}: {error}). The log has the details.")
        return INTERNAL


# ---------------------------------------------------------------------------------------------------- looking


def _scan(options: argparse.Namespace, runner: Runner) -> int:
    settings = settings_of(options)
    scan = scan_options(options, settings)
    runner.session.set_pace(whole_cpu=settings.whole_cpu, pause_on_battery=settings.pause_on_battery)
    writer = ProgressWriter(options.progress)
    runner.session.progress_changed.connect(writer.progress)
    runner.session.problem_found.connect(writer.problem)
    report = runner.ask(lambda session: session.open_folders(options.folders, scan))
    writer.end()
    if options.profile:
        for line in profile_lines(runner.session.statistics()):
            say(line)
    if options.json:
        write_chunks(report_chunks(report), options.json)
    if options.json != "-":
        print(texts.summary(report))
    if runner.cancelled:
        return CANCELLED
    return OK if report["files"] else NOTHING


def scan_options(options: argparse.Namespace, settings: Settings) -> ScanOptions:
    """Command line over settings file over defaults."""
    preset = options.preset or settings.preset or DEFAULT_PRESET
    given = options.threshold
    if given is None and options.preset is None:
        given = "auto" if settings.auto_threshold else settings.threshold
    automatic = given == "auto"
    line = PRESETS[preset] if given is None or automatic else round(float(given), 4)
    if options.scheme and options.quick:
        raise UsageError(f"Thumbnails have no {options.scheme} fingerprints.", hint="Leave out --quick or --scheme.")
    own = MatchOptions(preset=preset, line=line, moments=bool(settings.moments))
    chosen = given is not None or options.preset is not None or settings.preset is not None
    protected = [os.path.abspath(os.fsencode(folder)) for folder in options.protect]
    if not all(options.protect):
        raise UsageError("A folder to protect has no name.", hint="Name it after --protect.")
    workers = options.workers if options.workers is not None else settings.workers
    return ScanOptions(
        match=matching(options, settings, own, line_given=chosen),
        workers=workers or 0,
        protected=tuple(dict.fromkeys([*protected, *settings.protected])),
        auto_line=automatic,
        quick=options.quick,
    )


def _compare(options: argparse.Namespace, runner: Runner) -> int:
    how = matching(options, settings_of(options), MatchOptions())
    answer = runner.ask(lambda session: session.compare(os.fsencode(options.a), os.fsencode(options.b), how))
    return _show(answer, options.json, texts.comparison)


def _inspect(options: argparse.Namespace, runner: Runner) -> int:
    how = matching(options, settings_of(options), MatchOptions())
    return _show(runner.ask(lambda session: session.inspect(os.fsencode(options.file), how)), options.json, texts.inspection)


def _find(options: argparse.Namespace, runner: Runner) -> int:
    folders, how = [os.fsencode(folder) for folder in options.folders], matching(options, settings_of(options), MatchOptions())
    picture = os.fsencode(options.picture)
    asked = related(options, settings_of(options))
    if asked is None:
        return _show(runner.ask(lambda session: session.find(picture, folders, how)), options.json, texts.found)
    model, most = asked
    answer = runner.ask(lambda session: session.find_related(picture, folders, model, how, most=most))
    if model.sha256 is None:
        say(f'The model is not pinned. For the settings file: [related] sha256 = "{answer["model"]["sha256"]}"')
    return _show(answer, options.json, texts.found_related)


def _export(options: argparse.Namespace) -> int:
    check_target(options.csv, (CSV_HEAD,))
    check_target(options.html, (HTML_HEAD,))
    report = read_report(Path(options.report))
    if options.csv:
        write_bytes(export_csv(report), options.csv)
    else:
        write_bytes(export_html(report), options.html)
    return OK


# ---------------------------------------------------------------------------------------------------- deciding, acting


def _propose(options: argparse.Namespace, runner: Runner) -> int:
    rules = keepers.read_rules(Path(options.rules)) if options.rules else None
    answer = runner.ask(lambda session: session.propose(Path(options.report), rules))
    for note in answer["notes"]:
        say(display_text(note))
    return _show(answer["plan"], options.json, texts.plan)


def _apply(options: argparse.Namespace, runner: Runner) -> int:
    if not options.to:
        raise UsageError("The folder for removed files has no name.", hint="Name it after --to.")
    destination = None if options.to == "trash" else os.path.abspath(os.fsencode(options.to))
    answer = runner.ask(lambda session: session.apply(Path(options.plan), destination, dry_run=options.dry_run))
    for line in answer.pop("scope"):
        say(display_text(line))
    return _show_results(answer, options, texts.dry_run if options.dry_run else texts.applied)


def _undo(options: argparse.Namespace, runner: Runner) -> int:
    return _show_results(runner.ask(lambda session: session.undo(options.id)), options, texts.undone)


def _show_results(answer: dict[str, Any], options: argparse.Namespace, words: Callable[[dict[str, Any]], str]) -> int:
    cancelled = answer.pop("cancelled")
    bad = [result for result in answer["results"] if result["outcome"] in ("refused", "failed")]
    for result in bad:
        say(texts.refusal(result))
    _show(answer, options.json, words)
    return CANCELLED if cancelled else REFUSED if bad else OK


def _history(options: argparse.Namespace, runner: Runner) -> int:
    return _show(runner.ask(lambda session: session.history()), options.json, texts.history)


def _decide(options: argparse.Namespace, runner: Runner) -> int:
    print(runner.ask(lambda session: session.decide(Path(options.report), options.cluster, options.choice)))
    return OK


# ---------------------------------------------------------------------------------------------------- housekeeping


def _store(options: argparse.Namespace, runner: Runner) -> int:
    if options.what in ("export", "import"):
        raise UsageError(f"Store {options.what} is not in this version.")
    answer = runner.ask(lambda session: session.store(options.what))
    _show(answer, options.json, texts.store)
    return 4 if answer.get("complaints") else OK


def _doctor(options: argparse.Namespace, runner: Runner) -> int:
    return _show(runner.ask(lambda session: session.doctor(_display())), options.json, texts.doctor)


def _display() -> str:
    for name in ("WAYLAND_DISPLAY", "DISPLAY"):
        if os.environ.get(name):
            return f"{name}={os.environ[name]}"
    return "none" if sys.platform.startswith("linux") else "system"


def _calibrate(options: argparse.Namespace) -> int:
    raise UsageError("Calibration is not in this version.", hint="Use --preset or --threshold with scan.")


def _show(answer: Any, target: str | None, words: Callable[[Any], str]) -> int:
    if target:
        write_json(answer, target)
    if target != "-":
        print(words(answer))
    return OK


WITH_SESSION: Mapping[str, Callable[[argparse.Namespace, Runner], int]] = {
    "scan": _scan,
    "compare": _compare,
    "inspect": _inspect,
    "find": _find,
    "propose": _propose,
    "apply": _apply,
    "history": _history,
    "undo": _undo,
    "decide": _decide,
    "store": _store,
    "doctor": _doctor,
}
WITHOUT_SESSION: Mapping[str, Callable[[argparse.Namespace], int]] = {"export": _export, "calibrate": _calibrate}

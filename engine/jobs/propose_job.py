"""From a report to a plan: the report says which files, everything else is looked at again.

What the report claims of pictures is not believed: facts come from the store while the files are unchanged, else from the files,
and the pictures are matched anew. A file that is gone, changed into another picture, or not proven alike stays undecided.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine import keepers
from engine.actions import Plan, PlanFile, PlanItem
from engine.config import PRESETS, Limits, MatchOptions, ScanOptions
from engine.errors import Cancelled, UsageError
from engine.jobs.analysis import Analysis, analyse, decide
from engine.jobs.clusters import clusters_at
from engine.jobs.digests import digests_of
from engine.jobs.library import Library, LibraryFile
from engine.jobs.plan_parts import distance, neighbours, plan_file, whole_shot
from engine.jobs.scan_job import ScanJob, ScanListener
from engine.jobs.weighed import weighed
from engine.names import display_text
from engine.records import Cluster, Suggest, Tier, Verdict
from engine.report import Report
from engine.store import FingerprintStore
from engine.userdata import Decisions


@dataclass(frozen=True, slots=True)
class Proposed:
    """A plan, and a sentence for each file that was in the report but could not be judged."""

    plan: Plan
    notes: list[str]


def propose(
    report: Report,
    rules: keepers.RuleOrder,
    store: FingerprintStore,
    decisions: Decisions,
    limits: Limits,
    listener: ScanListener,
    protected: Sequence[bytes] = (),
) -> Proposed:
    """Run the keeper rules over the clusters of a report. Nothing is touched. Raises UsageError, Cancelled.

    protected: raw absolute paths of folders, beside those that the report names.
    """
    protected = tuple(dict.fromkeys((*report.settings.protected, *protected)))
    empty = Plan(roots=roots_of(report), protected=protected, items=())
    if report.settings.scan_pass != "full":
        return Proposed(
            empty, ["This report is of a quick scan, and a thumbnail is no proof: nothing is proposed. Scan in full first."]
        )
    if report.settings.preset not in PRESETS:
        raise UsageError(
            f"The report's preset {display_text(report.settings.preset)} is not known here.", hint="Scan again with this version."
        )
    of, notes = _inside(_cluster_of(report), empty.roots)
    library = ScanJob(store, ScanOptions(), listener, limits).run_files([*of, *neighbours(of)], as_walked=True)
    options = MatchOptions(preset=report.settings.preset, line=report.settings.threshold, moments=report.settings.moments)
    analysis = weighed(_within_clusters(analyse(library, store, decisions, options), of, decisions), report.settings.weights)
    notes += [_gone(file) for file in library.files if file.path in of and not file.is_picture]
    wanted = [_Going(cluster, of, library) for cluster in clusters_at(analysis, analysis.line, protected, rules)]
    digests = digests_of((file for going in wanted for file in going.files()), limits, listener.cancelled)
    if listener.cancelled():
        raise Cancelled
    items = []
    for going in wanted:
        made, more = going.items(digests)
        items.extend(made)
        notes.extend(more)
    return Proposed(replace(empty, items=tuple(items)), notes)


def roots_of(report: Report) -> tuple[bytes, ...]:
    """The folders that were scanned; for a report that does not say, the folders its files lie in."""
    if report.roots:
        return report.roots
    folders = sorted({os.path.dirname(file.path) for file in report.files})
    kept: list[bytes] = []
    for folder in folders:
        if not any(folder == root or folder.startswith(root.rstrip(b"/") + b"/") for root in kept):
            kept.append(folder)
    return tuple(kept)


def _cluster_of(report: Report) -> dict[bytes, int]:
    """Cluster number of each member's path, shot mates of members included."""
    of: dict[bytes, int] = {}
    for cluster in report.clusters:
        for member in cluster.members:
            of.setdefault(report.files[member.file].path, cluster.id)
    return of


def _inside(of: dict[bytes, int], roots: Sequence[bytes]) -> tuple[dict[bytes, int], list[str]]:
    """Members below the report's folders, and a sentence for each that is not: it was not scanned, whatever the report says."""
    above = tuple(root.rstrip(b"/") + b"/" for root in roots)
    inside = {path: cluster for path, cluster in of.items() if path.startswith(above) or path in roots}
    outside = [display_text(path) for path in of if path not in inside]
    return inside, [f"{name} lies in none of the report's folders; it stays undecided." for name in outside]


def _within_clusters(analysis: Analysis, of: dict[bytes, int], decisions: Decisions) -> Analysis:
    """Only links inside one cluster of the report count; a shot takes the cluster of its members."""
    by_shot: dict[int | None, int] = {f.shot: of[f.path] for f in analysis.pictures if f.shot is not None and f.path in of}
    given = np.array([of.get(f.path, by_shot.get(f.shot, -1)) for f in analysis.pictures], np.int64)
    label = np.where(given >= 0, given, -1 - np.arange(len(given)))
    pairs = analysis.pairs[label[analysis.pairs["a"]] == label[analysis.pairs["b"]]]
    return decide(analysis.library, analysis.pictures, analysis.table, pairs, decisions, analysis.options, analysis.line)


def _gone(file: LibraryFile) -> str:
    return f"{display_text(file.path)} is no longer a picture that can be read ({file.code}); it stays undecided."


class _Going:
    """One cluster's part of the plan: what goes, and which kept file stands for each."""

    def __init__(self, cluster: Cluster, of: dict[bytes, int], library: Library) -> None:
        self._library = library
        self._verdicts = {verdict.file: verdict for verdict in cluster.verdicts}
        first = library.files[cluster.members[0]]
        self._number = next((of[library.files[m].path] for m in cluster.members if library.files[m].path in of), first.id)
        self._removed = [
            (whole_shot(library, library.files[v.file]), nest)
            for nest in cluster.nests
            for v in self._in(nest, Suggest.REMOVE)
            if self._leads(v)
        ]

    def files(self) -> Iterator[LibraryFile]:
        """Every file that the plan will name, companions included."""
        for unit, nest in self._removed:
            yield from unit
            for verdict in self._in(nest, Suggest.KEEP):
                yield from whole_shot(self._library, self._library.files[verdict.file])

    def items(self, digests: dict[int, bytes]) -> tuple[list[PlanItem], list[str]]:
        """Items by keeper, and sentences on what could not be read."""
        made: dict[tuple[int, Tier, str], list[PlanFile]] = {}
        notes: list[str] = []
        for unit, nest in self._removed:
            keeper = self._keeper_for(unit, nest)
            lacking = next((f for f in (*unit, *whole_shot(self._library, keeper)) if f.id not in digests), None)
            if lacking is not None:
                notes.append(
                    f"{display_text(lacking.path)} changed while it was read, or cannot be read; its cluster stays undecided."
                )
                continue
            verdict = self._verdicts[unit[0].id]
            made.setdefault((keeper.id, verdict.tier, verdict.reason), []).append(plan_file(unit, digests))
        return [
            PlanItem(
                self._number,
                tier,
                (plan_file(whole_shot(self._library, self._library.files[keep]), digests),),
                tuple(remove),
                reason,
            )
            for (keep, tier, reason), remove in made.items()
        ], notes

    def _in(self, nest: Sequence[int], suggest: Suggest) -> list[Verdict]:
        return [self._verdicts[m] for m in nest if self._verdicts[m].suggest is suggest]

    def _leads(self, verdict: Verdict) -> bool:
        """One entry a shot: its first picture stands for it."""
        file = self._library.files[verdict.file]
        pictures = [c.id for c in self._library.companions(file) if c.is_picture]
        return all(file.id < other for other in pictures)

    def _keeper_for(self, unit: Sequence[LibraryFile], nest: Sequence[int]) -> LibraryFile:
        """The kept picture closest to what goes."""
        kept = [self._library.files[v.file] for v in self._in(nest, Suggest.KEEP)]
        return min(kept, key=lambda file: distance(file, unit[0]))

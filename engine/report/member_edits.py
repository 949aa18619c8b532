"""By which edits each member of a cluster differs from the one that is kept: what exports tell beside the tier."""

from __future__ import annotations

from engine.records import Suggest
from engine.report.model import Report, ReportPair


def member_edits(report: Report) -> dict[int, tuple[str, ...]]:
    """Edits by file id: of the strongest pair with a kept member of its cluster, else with any member; kept ones have none."""
    cluster = {member.file: one.id for one in report.clusters for member in one.members}
    kept = {member.file for one in report.clusters for member in one.members if member.suggest is Suggest.KEEP}
    best: dict[int, tuple[bool, float, ReportPair]] = {}
    for pair in report.pairs:
        if pair.decision == "different" or cluster.get(pair.a, -1) != cluster.get(pair.b, -2):
            continue
        for file, other in ((pair.a, pair.b), (pair.b, pair.a)):
            if file not in kept and (file not in best or (other in kept, pair.similarity) > best[file][:2]):
                best[file] = (other in kept, pair.similarity, pair)
    return {file: pair.edits for file, (_, _, pair) in best.items() if pair.edits}

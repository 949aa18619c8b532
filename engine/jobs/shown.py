"""A cluster as the window shows it: its photos in order, the user's marks laid over what the rules propose, how far the user is.

Reports and plans know nothing of this: they are made from the clusters that `clusters` judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.jobs.cluster_keys import names_of
from engine.jobs.library import Library, LibraryFile
from engine.jobs.marks import Marks
from engine.records import Cluster, ClusterState, Suggest, Verdict

CHOSEN = "chosen by you"
ALL_MARKED = "all photos here were marked for trash: look again"
LAPSED = "the one to keep in its place is not kept any more: look first"

Units = tuple[tuple[int, ...], ...]


def shown(library: Library, cluster: Cluster, marks: Marks) -> Cluster:
    """The cluster with the user's marks laid over its verdicts, and its state as they make it.

    Parameters
    ----------
    cluster: as judged by the rules. marks: what the user said; of one file of a unit it is said of the whole unit.
    """
    verdicts = _overlaid(library, cluster, marks) if marks and not cluster.provisional else cluster.verdicts
    aside = bool(marks.aside) and not marks.aside.isdisjoint(names_of(library.files[cluster.members[0]]))
    if verdicts is cluster.verdicts and not aside:
        return cluster
    return replace(
        cluster,
        verdicts=verdicts,
        proposals=() if verdicts is cluster.verdicts else cluster.verdicts,
        reclaimable_bytes=removed_bytes(library, verdicts),
        state=ClusterState.of(verdicts, aside=aside),
    )


def units_of(library: Library, members: Sequence[int], verdicts: Sequence[Verdict]) -> Units:
    """The members by shot: best first, then by path. The best is what the rules keep; marks do not move it under the eye."""
    found: dict[int, list[LibraryFile]] = {}
    for member in members:
        file = library.files[member]
        found.setdefault(file.shot if file.shot is not None else -1 - file.id, []).append(file)
    units = list(found.values())
    kept = {verdict.file for verdict in verdicts if verdict.suggest is Suggest.KEEP}
    best = min(range(len(units)), key=lambda n: (units[n][0].id not in kept, -max([file.pixels for file in units[n]]), n))
    units.insert(0, units.pop(best))
    return tuple([(u[0].id,) if len(u) == 1 else tuple([file.id for file in sorted(u, key=_raw_first)]) for u in units])


def removed_bytes(library: Library, verdicts: Sequence[Verdict]) -> int:
    """Bytes of all that would go, companions included, each file once."""
    going: set[int] = set()
    for verdict in verdicts:
        if verdict.suggest is Suggest.REMOVE:
            going.add(verdict.file)
            shot = library.files[verdict.file].shot
            if shot is not None:
                going.update(library.shots[shot].files)
    return sum([library.files[i].size for i in going])


def going(library: Library, cluster: Cluster) -> tuple[int, int]:
    """Photos that the user marked for trash, and their bytes with companions."""
    marked = [v for v in cluster.verdicts if v.source == "user" and v.suggest is Suggest.REMOVE] if cluster.proposals else []
    gone = {verdict.file for verdict in marked}
    return sum(unit[0] in gone for unit in cluster.units), removed_bytes(library, marked)


def _overlaid(library: Library, cluster: Cluster, marks: Marks) -> tuple[Verdict, ...]:
    marked: dict[int, Suggest] = {}
    for unit in cluster.units:
        said = next(
            (said for file in map(library.files.__getitem__, unit) if (said := marks.said(file.path, file.stat)) is not None),
            None,
        )
        if said is not None:
            marked.update(dict.fromkeys(unit, said))
    if not marked:
        return cluster.verdicts
    verdicts = {v.file: v for v in cluster.verdicts}
    for member, said in marked.items():
        verdicts[member] = replace(verdicts[member], suggest=said, reason=CHOSEN, source="user")
    if all(verdict.suggest is Suggest.REMOVE and verdict.source == "user" for verdict in verdicts.values()):
        return tuple(replace(v, suggest=Suggest.UNDECIDED, reason=ALL_MARKED, source="rule") for v in verdicts.values())
    for nest in cluster.nests:
        if not any(verdicts[member].suggest is Suggest.KEEP for member in nest):
            for member in nest:
                if verdicts[member].suggest is Suggest.REMOVE and verdicts[member].source == "rule":
                    verdicts[member] = replace(verdicts[member], suggest=Suggest.UNDECIDED, reason=LAPSED)
    return tuple(verdicts[verdict.file] for verdict in cluster.verdicts)


def _raw_first(file: LibraryFile) -> tuple[bool, int]:
    return not file.is_raw, file.id

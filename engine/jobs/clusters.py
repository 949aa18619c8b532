"""The clusters of an analysis at one line, with what the keeper rules propose for each member."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine import keepers, match
from engine.jobs.analysis import Analysis, PairArray
from engine.jobs.library import LibraryFile
from engine.jobs.protection import is_below
from engine.records import Cluster, PictureFacts, Role, Suggest, Tier, Verdict

REMOVABLE = Tier.SAME_PICTURE


@dataclass(frozen=True, slots=True)
class Links:
    """The links of one cluster at the line: rows of the pair table (admitted ones, none decided "different")."""

    members: tuple[int, ...]
    pairs: PairArray


def clusters_at(analysis: Analysis, line: float, protected: Sequence[bytes], rules: keepers.RuleOrder) -> tuple[Cluster, ...]:
    """All clusters at the line, without those of which every link is decided; ordered by first member."""
    analysis = replace(analysis, line=line)
    made = (_cluster(analysis, links, protected, rules) for links in _linked(analysis, line))
    return tuple(made)


def counts_at(analysis: Analysis, line: float) -> tuple[int, int]:
    """Clusters and photos at the line, without asking the rules."""
    members = [len(links.members) for links in _linked(analysis, line)]
    return len(members), sum(members)


def _linked(analysis: Analysis, line: float) -> Iterator[Links]:
    groups = match.clusters_at(analysis.merges, line)
    label = np.full(len(analysis.pictures), -1, np.int64)
    for number, members in enumerate(groups):
        label[list(members)] = number
    rows = np.nonzero((analysis.pairs["score"] >= np.float32(line)) & ~analysis.removed)[0]
    of = label[analysis.pairs["a"][rows]]
    rows = rows[(of >= 0) & (of == label[analysis.pairs["b"][rows]])]
    of = label[analysis.pairs["a"][rows]]
    rows = rows[np.argsort(of, kind="stable")]
    bounds = np.searchsorted(np.sort(of), np.arange(len(groups) + 1))
    decided = analysis.decided
    for number, members in enumerate(groups):
        mine = rows[bounds[number] : bounds[number + 1]]
        if not decided[mine].all():
            yield Links(members, analysis.pairs[mine])


def _cluster(analysis: Analysis, links: Links, protected: Sequence[bytes], rules: keepers.RuleOrder) -> Cluster:
    judge = _Judge(analysis, links, protected, rules)
    judged = judge.verdicts()
    files = [analysis.pictures[m] for m in links.members]
    return Cluster(
        key=content_key(files[0]),
        members=tuple(file.id for file in files),
        tier=holding_tier(analysis, links),
        weakest=round(float(links.pairs["score"].min()), 4),
        strongest=round(float(links.pairs["score"].max()), 4),
        verdicts=tuple(judged[m] for m in links.members),
        reclaimable_bytes=_reclaimable(analysis, files, [judged[m] for m in links.members]),
        nests=tuple(tuple(analysis.pictures[m].id for m in nest) for nest in judge.nests),
    )


def content_key(file: LibraryFile) -> str:
    """Stable name of a cluster: the content of its first member by path."""
    facts = file.facts
    if facts is not None and facts.blake3 is not None:
        return facts.blake3.hex()[:32]
    return f"{file.stat.inode:x}-{file.stat.size:x}"


def _reclaimable(analysis: Analysis, files: Sequence[LibraryFile], verdicts: Sequence[Verdict]) -> int:
    going: set[int] = set()
    for file, verdict in zip(files, verdicts, strict=True):
        if verdict.suggest is Suggest.REMOVE:
            going.update((file.id, *(c.id for c in analysis.library.companions(file))))
    return sum(analysis.library.files[i].stat.size for i in going)


def holding_tier(analysis: Analysis, links: Links) -> Tier:
    """The loosest tier that is needed to hold the cluster together: the bottleneck over its links."""
    node = analysis.merges.node
    parent = {int(node[m]): int(node[m]) for m in links.members}

    def root(n: int) -> int:
        while parent[n] != n:
            parent[n] = n = parent[parent[n]]
        return n

    tier = Tier.IDENTICAL
    for pair in links.pairs[np.argsort(links.pairs["tier"], kind="stable")]:
        a, b = root(int(node[pair["a"]])), root(int(node[pair["b"]]))
        if a != b:
            parent[a] = b
            tier = max(tier, Tier(int(pair["tier"])))
    return tier


class _Judge:
    """Runs the keeper rules inside each nest of one cluster."""

    def __init__(self, analysis: Analysis, links: Links, protected: Sequence[bytes], rules: keepers.RuleOrder) -> None:
        self._analysis = analysis
        self._links = links
        self._protected = protected
        self._rules = rules
        self._first = _first_of_bytes(analysis.table.bytes_id, links.members)
        self._tiers = {(int(p["a"]), int(p["b"])): Tier(int(p["tier"])) for p in links.pairs}
        none_removed = np.zeros(len(links.pairs), np.bool_)
        # A rules file that names edits for removal has them judged against the same keeper as the copies.
        loosest = max(Tier.SAME_PICTURE, *rules.remove)
        self.nests = match.nests(analysis.table, links.pairs, links.members, none_removed, loosest)

    def verdicts(self) -> dict[int, Verdict]:
        """One verdict a member (picture index)."""
        found: dict[int, Verdict] = {}
        for nest in self.nests:
            found.update(self._nest(nest))
        for member in self._links.members:
            if member not in found:
                tier = self._strongest(member)
                found[member] = self._verdict(member, Suggest.UNDECIDED, _look_first(tier), tier)
        return found

    def _nest(self, nest: Sequence[int]) -> dict[int, Verdict]:
        units = self._units(nest)
        candidates = [self._candidate(unit) for unit in units]
        choices = keepers.propose_nest(candidates, lambda k, o: self._unit_tier(units[k], units[o]), self._rules)
        found = {}
        for unit, choice in zip(units, choices, strict=True):
            kept = units[choice.keeper] if choice.keeper is not None else None
            suggest, reason = choice.suggest, choice.reason
            if suggest is Suggest.REMOVE and kept is not None and self._would_lose_film(unit, kept):
                suggest, reason = Suggest.UNDECIDED, "its film would go too, and the kept one has none like it: look first"
            for member in unit:
                found[member] = self._verdict(member, suggest, reason, self._member_tier(member, unit, kept))
        return found

    def _would_lose_film(self, unit: Sequence[int], keeper: Sequence[int]) -> bool:
        """The film of a Live Photo is no metadata: it may go only where the kept shot has one of equal bytes."""
        kept = {film.digest for film in self._films(keeper)}
        return any(film.digest is None or film.digest not in kept for film in self._films(unit))

    def _films(self, unit: Sequence[int]) -> list[LibraryFile]:
        companions = self._analysis.library.companions(self._analysis.pictures[unit[0]])
        return [file for file in companions if file.role is Role.MOVIE]

    def _member_tier(self, member: int, unit: Sequence[int], keeper: Sequence[int] | None) -> Tier:
        """Against the nest's keeper; of the strongest link where there is none."""
        if keeper is None:
            return self._strongest(member)
        if keeper == unit:
            return Tier.IDENTICAL
        closest = self._closest(keeper, member)
        return self._strongest(member) if closest is None else closest

    def _units(self, nest: Sequence[int]) -> list[tuple[int, ...]]:
        shots: dict[int, list[int]] = {}
        for member in nest:
            shots.setdefault(int(self._analysis.table.shot[member]), []).append(member)
        return [tuple(unit) for unit in shots.values()]

    def _candidate(self, unit: Sequence[int]) -> keepers.Candidate:
        library = self._analysis.library
        first = self._analysis.pictures[unit[0]]
        whole = [first, *library.companions(first)]
        pictures = [file for file in whole if file.role not in (Role.SIDECAR, Role.MOVIE)]
        companions = [file for file in whole if file.role in (Role.SIDECAR, Role.MOVIE)]
        shared = any(file.id in library.shared_companions for file in companions)
        return keepers.make_candidate(
            [keepers.UnitFile(f.id, f.path, f.facts or PictureFacts("error"), f.stat.mtime_ns) for f in pictures],
            protected=any(is_below(file.path, self._protected) for file in whole),
            companion_digests=[file.digest for file in companions],
            held="a file beside it may belong to another photo: look first" if shared else "",
        )

    def _unit_tier(self, keeper: Sequence[int], other: Sequence[int]) -> Tier | None:
        """The loosest tier at which every picture of the other unit is covered by one of the keeper's; None if one is not."""
        tiers = [self._closest(keeper, member) for member in other]
        known = [tier for tier in tiers if tier is not None]
        return max(known) if len(known) == len(tiers) else None

    def _closest(self, keeper: Sequence[int], member: int) -> Tier | None:
        """The strictest tier between one picture and a unit; camera RAW is covered by camera RAW only, where the unit has one."""
        table = self._analysis.table
        if table.raw[member] and any(table.raw[k] for k in keeper):
            keeper = [k for k in keeper if table.raw[k]]
        tiers = [tier for tier in (self._tier(k, member) for k in keeper) if tier is not None]
        return min(tiers) if tiers else None

    def _tier(self, i: int, j: int) -> Tier | None:
        table = self._analysis.table
        if table.bytes_id[i] >= 0 and table.bytes_id[i] == table.bytes_id[j]:
            return Tier.IDENTICAL
        key = (min(self._first[i], self._first[j]), max(self._first[i], self._first[j]))
        if key not in self._tiers:
            pair = match.compare_rows(table, *key, self._analysis.options)
            if pair is None or pair["score"] < np.float32(self._analysis.line):
                return None
            self._tiers[key] = Tier(int(pair["tier"]))
        return self._tiers[key]

    def _strongest(self, member: int) -> Tier:
        """Tier of the member's strongest link; of its shot's where it has none of its own."""
        shot = self._analysis.table.shot
        links = self._links.pairs
        first = self._first[member]
        own = links[(links["a"] == first) | (links["b"] == first) | (links["a"] == member) | (links["b"] == member)]
        if not len(own):
            same = shot == shot[member]
            own = links[same[links["a"]] | same[links["b"]]]
        if not len(own):
            return Tier.SAME_PICTURE
        best = own[np.lexsort((own["tier"], -own["score"]))[0]]
        return Tier(int(best["tier"]))

    def _verdict(self, member: int, suggest: Suggest, reason: str, tier: Tier) -> Verdict:
        return Verdict(self._analysis.pictures[member].id, suggest, reason, tier)


def _first_of_bytes(bytes_id: NDArray[np.int64], members: Sequence[int]) -> dict[int, int]:
    first: dict[int, int] = {}
    found = {}
    for member in members:
        identity = int(bytes_id[member])
        found[member] = first.setdefault(identity, member) if identity >= 0 else member
    return found


def _look_first(tier: Tier) -> str:
    return "an edit: look first" if tier >= Tier.EDITED else "nothing to compare it with: look first"

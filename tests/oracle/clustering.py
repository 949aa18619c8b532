"""The clustering rule, stated directly and slowly: the twin of engine.match.clusters.joins and its kernel."""

from __future__ import annotations

Link = tuple[int, int]


def joins(count: int, links: list[Link]) -> list[int]:
    """Numbers of the links that join, for links between nodes 0 … count - 1 in the order in which they are looked at."""
    cluster = {node: frozenset([node]) for node in range(count)}
    looked_at: set[frozenset[int]] = set()
    joined = []
    for number, (a, b) in enumerate(links):
        looked_at.add(frozenset((a, b)))
        union = cluster[a] | cluster[b]
        if cluster[a] == cluster[b]:
            continue
        if any(all(frozenset((end, other)) in looked_at for other in union - {end}) for end in (a, b)):
            joined.append(number)
            for node in union:
                cluster[node] = union
    return joined

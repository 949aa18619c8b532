"""Loops of the clustering rule and of its tree, and of what moves under a slider; see `engine.loops.compiler`.

Twins: `joins`, `tree`, `cluster`, `rescore`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.loops.compiler import inlined, loop


@loop
def order_links(level: Any, count: Any, levels: Any, fill: Any, order: Any) -> Any:
    """Links by level, highest first, equal ones as they stand. level: i4 (count,), 0..levels - 1. fill: i8 (levels + 1,), zeros.

    order: i8 (count,), numbers of links.
    """
    for e in range(count):
        fill[levels - level[e]] += 1
    for k in range(levels):
        fill[k + 1] += fill[k]
    for e in range(count):
        place = levels - 1 - np.int64(level[e])
        order[fill[place]] = e
        fill[place] += 1
    return count


@loop
def neighbours(nodes: Any, u: Any, v: Any, links: Any, fill: Any, ends: Any, start: Any, neighbour: Any, rank: Any) -> Any:
    """For each node its neighbours in rising order and the number of the first link to each.

    u, v: i8 (links,), nodes. fill: i8 (nodes + 1,), scratch. ends: i8 (2 * links,), scratch. start: i8 (nodes + 1,). neighbour,
    rank: i8 (2 * links,), filled in front. Node i has neighbour[start[i]:start[i + 1]]. Returns how many there are.
    """
    for i in range(nodes + 1):
        fill[i] = 0
    for e in range(links):
        fill[u[e] + 1] += 1
        fill[v[e] + 1] += 1
    for i in range(nodes):
        fill[i + 1] += fill[i]
    for i in range(nodes + 1):
        start[i] = fill[i]
    # by the one end, in the order of the links, which is told by 2 * link + (which end it is)
    for e in range(links):
        ends[fill[u[e]]] = 2 * e
        fill[u[e]] += 1
        ends[fill[v[e]]] = 2 * e + 1
        fill[v[e]] += 1
    # then by the other end: taken in rising order of one end, each is put behind what the other end has already
    for i in range(nodes):
        fill[i] = start[i]
    for i in range(nodes):
        for at in range(start[i], start[i + 1]):
            link = ends[at] >> 1
            other = v[link] if ends[at] & 1 == 0 else u[link]
            place = fill[other]
            if place > start[other] and neighbour[place - 1] == i:
                continue  # a later link between the same two
            neighbour[place] = i
            rank[place] = link
            fill[other] += 1
    n = 0
    for i in range(nodes):
        begin, end = start[i], fill[i]
        start[i] = n
        for at in range(begin, end):
            neighbour[n] = neighbour[at]
            rank[n] = rank[at]
            n += 1
    start[nodes] = n
    return n


@inlined
def _root(parent: Any, i: Any) -> Any:
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


@loop
def components(count: Any, a: Any, b: Any, links: Any, parent: Any) -> Any:
    """Smallest member of each node's connected component: parent, i8 (count,). a, b: i8 (links,)."""
    for i in range(count):
        parent[i] = i
    for e in range(links):
        x, y = _root(parent, a[e]), _root(parent, b[e])
        if x < y:
            parent[y] = x
        else:
            parent[x] = y
    for i in range(count):
        parent[i] = _root(parent, i)
    return count


@inlined
def _place(start: Any, neighbour: Any, i: Any, j: Any) -> Any:
    """First place among the neighbours of i that holds j or a later one."""
    low, high = start[i], start[i + 1]
    while low < high:
        middle = (low + high) >> 1
        if neighbour[middle] < j:
            low = middle + 1
        else:
            high = middle
    return low


@inlined
def _linked(start: Any, neighbour: Any, rank: Any, i: Any, j: Any, now: Any) -> Any:
    """Is there a link between i and j among those up to number `now`?"""
    low = _place(start, neighbour, i, j)
    return low < start[i + 1] and neighbour[low] == j and rank[low] <= now


@loop
def _holds(start: Any, neighbour: Any, rank: Any, following: Any, i: Any, other: Any, now: Any) -> Any:
    """Is i linked to every member of the cluster that `other` belongs to (a ring through `following`)?"""
    k = other
    while True:
        if not _linked(start, neighbour, rank, i, k, now):
            return False
        k = following[k]
        if k == other:
            return True


@loop
def join_links(
    count: Any, u: Any, v: Any, links: Any, start: Any, neighbour: Any, rank: Any,
    parent: Any, following: Any, size: Any, inside: Any, degree: Any, out: Any,
) -> Any:  # fmt: skip
    """Numbers of the links that join, in order: out, i8 (count,); returns how many. Twin: `joins.join_links_plain`.

    u, v: i8 (links,), nodes, in the order in which links are looked at. start, neighbour, rank: from `neighbours`. parent to
    degree: i8 (count,), scratch. A node knows how many links it has within its own cluster, so that only the other cluster is
    walked through.
    """
    for i in range(count):
        parent[i] = i
        following[i] = i
        size[i] = 1
        inside[i] = 0
        degree[i] = 0
    n = 0
    for e in range(links):
        i, j = u[e], v[e]
        x, y = _root(parent, i), _root(parent, j)
        fresh = rank[_place(start, neighbour, i, j)] == e
        if fresh:
            degree[i] += 1
            degree[j] += 1
        if x == y:
            if fresh:
                inside[i] += 1
                inside[j] += 1
            continue
        wanted = size[x] + size[y] - 1
        held = inside[i] == size[x] - 1 and degree[i] >= wanted and _holds(start, neighbour, rank, following, i, j, e)
        if not held:
            held = inside[j] == size[y] - 1 and degree[j] >= wanted and _holds(start, neighbour, rank, following, j, i, e)
        if not held:
            continue
        if size[x] < size[y]:
            x, y = y, x
            i, j = j, i
        # count the links between the two, walking through the smaller
        k = j
        while True:
            for at in range(start[k], start[k + 1]):
                if rank[at] <= e and _root(parent, neighbour[at]) == x:
                    inside[k] += 1
                    inside[neighbour[at]] += 1
            k = following[k]
            if k == j:
                break
        parent[y] = x
        size[x] += size[y]
        following[i], following[j] = following[j], following[i]
        out[n] = e
        n += 1
    return n


@loop
def join_forest(
    count: Any,
    left: Any,
    right: Any,
    joins: Any,
    weight: Any,
    boss: Any,
    since: Any,
    one: Any,
    other: Any,
    lesser: Any,
    size: Any,
    part: Any,
) -> Any:
    """The joins of nodes 0..count - 1 as a tree; see `tree.forest_plain`, its twin, for what is put where.

    weight: i8 (count,), becomes the largest of each part. size, part: i8 (count,), scratch.
    """
    for i in range(count):
        boss[i] = i
        since[i] = joins
        size[i] = 1
        part[i] = i
    for k in range(joins):
        x, y = left[k], right[k]
        while since[x] < k:
            x = boss[x]
        while since[y] < k:
            y = boss[y]
        if size[x] < size[y]:
            x, y = y, x
        one[k] = part[x]
        other[k] = part[y]
        lesser[k] = min(weight[x], weight[y])
        weight[x] = max(weight[x], weight[y])
        size[x] += size[y]
        boss[y] = x
        since[y] = k
        part[x] = count + k
    return joins


@loop
def lay_out(count: Any, one: Any, other: Any, joins: Any, size: Any, above: Any, start: Any, first: Any) -> Any:
    """Places of the parts of a tree in a row of its leaves; see `tree.lay_out_plain`, its twin."""
    for i in range(count + joins):
        size[i] = 1
        above[i] = joins
        start[i] = -1
        first[i] = i
    for k in range(joins):
        size[count + k] = size[one[k]] + size[other[k]]
        first[count + k] = min(first[one[k]], first[other[k]])
        above[one[k]] = k
        above[other[k]] = k
    place = np.int64(0)
    for k in range(joins - 1, -1, -1):
        if above[count + k] == joins:
            start[count + k] = place
            place += size[count + k]
        start[one[k]] = start[count + k]
        start[other[k]] = start[count + k] + size[one[k]]
    return place


@loop
def cut(
    count: Any, joins: Any, pictures: Any, size: Any, above: Any, start: Any, first: Any, nodes: Any, row: Any, label: Any
) -> Any:
    """Clusters of the first joins of a tree: label, i4 (pictures,), the first node of each node's cluster, -1 for a node in none.

    size, above, start, first: from `lay_out`. nodes, row: i8 (count,), first picture of each node, and in the order of the row.
    """
    for i in range(pictures):
        label[i] = -1
    for k in range(count, count + joins):
        if above[k] >= joins:
            for at in range(start[k], start[k] + size[k]):
                label[row[at]] = nodes[first[k]]
    return joins


@loop
def rescore(parts: Any, pairs: Any, weights: Any, shift: Any, last: Any, table: Any, score: Any, counts: Any) -> Any:
    """Scores of pairs under other weights.

    parts: u1 (8 * pairs,), one part after the other. weights: i8 (9,), the last a constant. shift: of the sum, to a place in
    table, which holds last + 1 scores, f4. score: f4 (pairs,). counts: i8 (last + 1,), zeros; pairs of each place.
    """
    w0, w1, w2, w3, w4, w5, w6, w7 = (
        weights[0], weights[1], weights[2], weights[3], weights[4], weights[5], weights[6], weights[7],
    )  # fmt: skip
    constant = weights[8]
    for e in range(pairs):
        total = constant + w0 * parts[e] + w1 * parts[pairs + e] + w2 * parts[2 * pairs + e] + w3 * parts[3 * pairs + e]
        total += w4 * parts[4 * pairs + e] + w5 * parts[5 * pairs + e] + w6 * parts[6 * pairs + e] + w7 * parts[7 * pairs + e]
        place = min(max(total >> shift, 0), last)
        score[e] = table[place]
        counts[place] += 1
    return pairs

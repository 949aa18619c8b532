"""Loops of the clustering rule and of its tree, and of what moves under a slider; see `engine.loops.compiler`.

Twins: `joins`, `tree`, `cluster`, `rescore`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.loops.compiler import inlined, loop

START, FILL, PARENT, NEXT, SIZE, INSIDE, DEGREE = range(7)
"""What is known of a node, in its row of `state`."""


@loop
def order_links(level: Any, count: Any, levels: Any, fill: Any, order: Any) -> Any:
    """Links by level, highest first, equal ones as they stand. level: i4 (count,), 0..levels - 1. fill: i8 (levels + 1,), zeros.

    order: i4 (count,), numbers of links.
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
def neighbours(
    nodes: Any, u: Any, v: Any, turn: Any, links: Any, ends: Any, state: Any, neighbour: Any, rank: Any, fresh: Any
) -> Any:
    """For each node its neighbours in rising order and the turn of the first link to each.

    u, v: i4 (links,), nodes, best in the order of a pair table, which stays in the caches. turn: i4 (links,), when each link is
    looked at. ends: i4 (2 * links,), scratch. state: i4 (nodes + 1, 8), see `START`. neighbour, rank: i4 (2 * links,), filled in
    front: node i has neighbour[start[i]:start[i + 1]]. fresh: u1 (links,), by turn: 0 for a link between two that were linked
    before. Returns how many neighbours there are.
    """
    for i in range(nodes + 1):
        state[i, FILL] = 0
    for e in range(links):
        fresh[e] = 1
        state[u[e] + 1, FILL] += 1
        state[v[e] + 1, FILL] += 1
    for i in range(nodes):
        state[i + 1, FILL] += state[i, FILL]
    for i in range(nodes + 1):
        state[i, START] = state[i, FILL]
    # by the one end: 2 * link + which end it is
    for e in range(links):
        ends[state[u[e], FILL]] = 2 * e
        state[u[e], FILL] += 1
        ends[state[v[e], FILL]] = 2 * e + 1
        state[v[e], FILL] += 1
    # then by the other end: taken in rising order of one end, each is put behind what the other end has already
    for i in range(nodes):
        state[i, FILL] = state[i, START]
    for i in range(nodes):
        for at in range(state[i, START], state[i + 1, START]):
            link = ends[at] >> 1
            other = v[link] if ends[at] & 1 == 0 else u[link]
            place = np.int64(state[other, FILL])
            if place > state[other, START] and neighbour[place - 1] == i:
                fresh[max(rank[place - 1], turn[link])] = 0
                rank[place - 1] = min(rank[place - 1], turn[link])
                continue
            neighbour[place] = i
            rank[place] = turn[link]
            state[other, FILL] += 1
    n = np.int64(0)
    for i in range(nodes):
        begin, end = np.int64(state[i, START]), np.int64(state[i, FILL])
        state[i, START] = n
        for at in range(begin, end):
            neighbour[n] = neighbour[at]
            rank[n] = rank[at]
            n += 1
    state[nodes, START] = n
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
def _boss(state: Any, i: Any) -> Any:
    while state[i, PARENT] != i:
        state[i, PARENT] = state[state[i, PARENT], PARENT]
        i = np.int64(state[i, PARENT])
    return i


@inlined
def _linked(state: Any, neighbour: Any, rank: Any, i: Any, j: Any, now: Any) -> Any:
    """Is there a link between i and j among those up to turn `now`?"""
    low, high = np.int64(state[i, START]), np.int64(state[i + 1, START])
    end = high
    while low < high:
        middle = (low + high) >> 1
        if neighbour[middle] < j:
            low = middle + 1
        else:
            high = middle
    return low < end and neighbour[low] == j and rank[low] <= now


@loop
def _holds(state: Any, neighbour: Any, rank: Any, i: Any, other: Any, now: Any) -> Any:
    """Is i linked to every member of the cluster that `other` belongs to (a ring through NEXT)?"""
    k = other
    while True:
        if not _linked(state, neighbour, rank, i, k, now):
            return False
        k = np.int64(state[k, NEXT])
        if k == other:
            return True


@loop
def join_links(
    count: Any, u: Any, v: Any, order: Any, links: Any, state: Any, neighbour: Any, rank: Any, fresh: Any, out: Any
) -> Any:
    """Links that join, by their place in u and v, in the order in which they are looked at. Twin: `joins.join_links_plain`.

    u, v: i4 (links,), nodes. order: i4 (links,), places in u and v in turn. state, neighbour, rank, fresh: from `neighbours`.
    out: i8 (count,); returns how many. A node knows how many links it has within its own cluster, so that only the other cluster
    is walked through. All that is known of a node lies in one line of the cache.
    """
    for i in range(count):
        state[i, PARENT] = i
        state[i, NEXT] = i
        state[i, SIZE] = 1
        state[i, INSIDE] = 0
        state[i, DEGREE] = 0
    n = 0
    for e in range(links):
        i, j = np.int64(u[order[e]]), np.int64(v[order[e]])
        x, y = _boss(state, i), _boss(state, j)
        if fresh[e]:
            state[i, DEGREE] += 1
            state[j, DEGREE] += 1
        if x == y:
            if fresh[e]:
                state[i, INSIDE] += 1
                state[j, INSIDE] += 1
            continue
        one, other = np.int64(state[x, SIZE]), np.int64(state[y, SIZE])
        wanted = one + other - 1
        held = state[i, INSIDE] == one - 1 and state[i, DEGREE] >= wanted and _holds(state, neighbour, rank, i, j, e)
        if not held:
            held = state[j, INSIDE] == other - 1 and state[j, DEGREE] >= wanted and _holds(state, neighbour, rank, j, i, e)
        if not held:
            continue
        if one < other:
            x, y = y, x
            i, j = j, i
        # count the links between the two, walking through the smaller
        k = j
        while True:
            for at in range(state[k, START], state[k + 1, START]):
                if rank[at] <= e and _boss(state, np.int64(neighbour[at])) == x:
                    state[k, INSIDE] += 1
                    state[neighbour[at], INSIDE] += 1
            k = np.int64(state[k, NEXT])
            if k == j:
                break
        state[y, PARENT] = x
        state[x, SIZE] += state[y, SIZE]
        state[i, NEXT], state[j, NEXT] = state[j, NEXT], state[i, NEXT]
        out[n] = order[e]
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

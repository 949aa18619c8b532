"""Loops of the clustering rule and of its tree, and of what moves under a slider; see `engine.loops.compiler`.

Twins: `joins`, `tree`, `cluster`, `rescore`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.loops.compiler import inlined, loop, prefetch

START, FILL, PARENT, NEXT, SIZE, INSIDE, DEGREE = range(7)
"""What is known of a node, in its row of `state`."""

ONE, OTHER, PLACE, FRESH = range(4)
"""What is known of a link, in its row of `link`: its nodes, its place among those given, 0 if the two were linked before."""

_NODE, _TURN = range(2)
"""What is known of a neighbour: which node, and the turn of the first link to it."""

_FAR, _NEAR = 16, 8
"""Links ahead of the one looked at whose nodes, and whose neighbours, are asked for: a third less time than waiting for them."""


@loop
def ascending(a: Any, b: Any, links: Any) -> Any:
    """1 if pairs, the lower of the two first, come in the order of their numbers, as a pair table is. a, b: i4 (links,)."""
    before = np.int64(0)
    for e in range(links):
        key = np.int64(min(a[e], b[e])) << 32 | np.int64(max(a[e], b[e]))
        if key < before:
            return 0
        before = key
    return 1


@loop
def take_turns(level: Any, links: Any, levels: Any, fill: Any, turn: Any) -> Any:
    """The turn of each link, by level, highest first, equal ones as they stand.

    level: i4 (links,), 0..levels - 1. fill: i8 (levels + 1,), zeros. turn: i4 (links,).
    """
    for e in range(links):
        fill[levels - level[e]] += 1
    for k in range(levels):
        fill[k + 1] += fill[k]
    for e in range(links):
        place = levels - 1 - np.int64(level[e])
        turn[e] = fill[place]
        fill[place] += 1
    return links


@loop
def neighbours(nodes: Any, u: Any, v: Any, turn: Any, links: Any, ends: Any, state: Any, near: Any, link: Any) -> Any:
    """For each node its neighbours in rising order and the turn of the first link to each.

    u, v: i4 (links,), nodes, best in the order of a pair table, which stays in the caches. turn: i4 (links,), when each link is
    looked at. ends: i4 (2 * links,), scratch, touched only where links do not come in rising order. state: i4 (nodes + 1, 8), see
    `START`. near: i4 (2 * links, 2), see `_NODE`, filled in front: node i has near[start[i]:start[i + 1]]. link: i4 (links, 4) by
    turn, see `ONE`. Returns how many neighbours there are.
    """
    for k in range(nodes + 1):
        state[k, FILL] = 0
        state[k, SIZE] = 0
    before = np.int64(-1)
    rising: Any = True
    for e in range(links):
        i, j, now = np.int64(u[e]), np.int64(v[e]), np.int64(turn[e])
        link[now, ONE] = i
        link[now, OTHER] = j
        link[now, PLACE] = e
        link[now, FRESH] = 1
        state[i + 1, FILL] += 1
        state[j + 1, FILL] += 1
        state[j, SIZE] += 1
        rising = rising and i < j and before < (i << 32 | j)
        before = i << 32 | j
    for k in range(nodes):
        state[k + 1, FILL] += state[k, FILL]
    for k in range(nodes + 1):
        state[k, START] = state[k, FILL]
    return _of_rising(nodes, u, v, turn, links, state, near) if rising else _of_any(nodes, u, v, turn, ends, state, near, link)


@loop
def _of_rising(nodes: Any, u: Any, v: Any, turn: Any, links: Any, state: Any, near: Any) -> Any:
    """Neighbours of different links in rising order, u < v: each node's lower ones come first, then the higher ones."""
    for k in range(nodes):
        state[k, SIZE] += state[k, START]
    for e in range(links):
        i, j = np.int64(u[e]), np.int64(v[e])
        above, below = np.int64(state[i, SIZE]), np.int64(state[j, FILL])
        near[above, _NODE], near[below, _NODE] = j, i
        near[above, _TURN], near[below, _TURN] = turn[e], turn[e]
        state[i, SIZE] += 1
        state[j, FILL] += 1
    return 2 * links


@loop
def _of_any(nodes: Any, u: Any, v: Any, turn: Any, ends: Any, state: Any, near: Any, link: Any) -> Any:
    """Neighbours of links in any order, several of which may be between the same two."""
    links = state[nodes, START] >> 1
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
            e = ends[at] >> 1
            other = v[e] if ends[at] & 1 == 0 else u[e]
            place = np.int64(state[other, FILL])
            if place > state[other, START] and near[place - 1, _NODE] == i:
                link[max(near[place - 1, _TURN], turn[e]), FRESH] = 0
                near[place - 1, _TURN] = min(near[place - 1, _TURN], turn[e])
                continue
            near[place, _NODE] = i
            near[place, _TURN] = turn[e]
            state[other, FILL] += 1
    n = np.int64(0)
    for i in range(nodes):
        begin, end = np.int64(state[i, START]), np.int64(state[i, FILL])
        state[i, START] = n
        for at in range(begin, end):
            near[n, _NODE] = near[at, _NODE]
            near[n, _TURN] = near[at, _TURN]
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
def _linked(state: Any, near: Any, i: Any, j: Any, now: Any) -> Any:
    """Is there a link between i and j among those up to turn `now`?"""
    low, high = np.int64(state[i, START]), np.int64(state[i + 1, START])
    end = high
    while low < high:
        middle = (low + high) >> 1
        if near[middle, _NODE] < j:
            low = middle + 1
        else:
            high = middle
    return low < end and near[low, _NODE] == j and near[low, _TURN] <= now


@loop
def _holds(state: Any, near: Any, i: Any, other: Any, now: Any) -> Any:
    """Is i linked to every member of the cluster that `other`, linked to i, belongs to (a ring through NEXT)?"""
    k = np.int64(state[other, NEXT])
    while k != other:
        if not _linked(state, near, i, k, now):
            return False
        k = np.int64(state[k, NEXT])
    return True


@inlined
def _ask_ahead(state: Any, near: Any, link: Any, now: Any, links: Any) -> Any:
    ahead = min(now + _FAR, links - 1)
    prefetch(state, np.int64(link[ahead, ONE]))
    prefetch(state, np.int64(link[ahead, OTHER]))
    ahead = min(now + _NEAR, links - 1)
    prefetch(near, np.int64(state[link[ahead, ONE], START]))
    prefetch(near, np.int64(state[link[ahead, OTHER], START]))


@loop
def _unite(state: Any, near: Any, i: Any, j: Any, x: Any, y: Any, now: Any) -> Any:
    """Put j's cluster y into i's cluster x, counting the links between the two: through y, which is the smaller one."""
    k = j
    while True:
        for at in range(state[k, START], state[k + 1, START]):
            if near[at, _TURN] <= now and _boss(state, np.int64(near[at, _NODE])) == x:
                state[k, INSIDE] += 1
                state[near[at, _NODE], INSIDE] += 1
        k = np.int64(state[k, NEXT])
        if k == j:
            break
    state[y, PARENT] = x
    state[x, SIZE] += state[y, SIZE]
    state[i, NEXT], state[j, NEXT] = state[j, NEXT], state[i, NEXT]


@loop
def join_links(count: Any, links: Any, state: Any, near: Any, link: Any, out: Any) -> Any:
    """Places of the links that join, in the order in which they are looked at. Twin: `joins.join_links_plain`.

    state, near, link: from `neighbours`. out: i8 (count,); returns how many. A node knows how many links it has within its own
    cluster, so that only the other cluster is walked through. All that is known of a node lies in one line of the cache.
    """
    for k in range(count):
        state[k, PARENT] = k
        state[k, NEXT] = k
        state[k, SIZE] = 1
        state[k, INSIDE] = 0
        state[k, DEGREE] = 0
    n = 0
    for now in range(links):
        _ask_ahead(state, near, link, now, links)
        i, j = np.int64(link[now, ONE]), np.int64(link[now, OTHER])
        x, y = _boss(state, i), _boss(state, j)
        state[i, DEGREE] += link[now, FRESH]
        state[j, DEGREE] += link[now, FRESH]
        if x == y:
            state[i, INSIDE] += link[now, FRESH]
            state[j, INSIDE] += link[now, FRESH]
            continue
        one, other = np.int64(state[x, SIZE]), np.int64(state[y, SIZE])
        wanted = one + other - 1
        held = state[i, INSIDE] == one - 1 and state[i, DEGREE] >= wanted and _holds(state, near, i, j, now)
        if not held:
            held = state[j, INSIDE] == other - 1 and state[j, DEGREE] >= wanted and _holds(state, near, j, i, now)
        if not held:
            continue
        if one < other:
            _unite(state, near, j, i, y, x, now)
        else:
            _unite(state, near, i, j, x, y, now)
        out[n] = link[now, PLACE]
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

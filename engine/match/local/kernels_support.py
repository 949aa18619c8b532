"""Loop of how much of an overlap features support. `engine.loops.compiler` says how loops are written; twin: `support_plain`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.loops.compiler import inlined, loop, popcount
from engine.match.local.keys import MIRROR as MIRROR_BITS
from engine.match.local.support_plain import PLACE2, REACH, SMALLEST, SUPPORT_RADIUS

MIRROR = np.uint64(MIRROR_BITS)
NEAR = np.uint64(SUPPORT_RADIUS)


@inlined
def _unpack(points: Any, row: Any, n: Any, x: Any, y: Any, size: Any) -> Any:
    for k in range(n):
        at = (row * 128 + k) * 5
        b1 = np.int64(points[at + 1])
        x[k] = float(np.int64(points[at]) << 4 | b1 >> 4)
        y[k] = float((b1 & 15) << 8 | np.int64(points[at + 2]))
        size[k] = np.int64(points[at + 3])
    return n


@inlined
def _keep_first(inside: Any, n: Any, limit: Any) -> Any:
    """Keep the first `limit` marks: features are stored strongest first. Returns how many are left."""
    found = 0
    for k in range(n):
        if inside[k] != 0:
            if found == limit:
                inside[k] = 0
            else:
                found += 1
    return found


@inlined
def _reached(x: Any, y: Any, inside: Any, agreeing: Any, n: Any, reach2: Any) -> Any:
    """How many of those inside have an agreeing one within reach."""
    near = 0
    for i in range(n):
        if inside[i] == 0:
            continue
        for k in range(n):
            dx, dy = x[i] - x[k], y[i] - y[k]
            if agreeing[k] != 0 and dx * dx + dy * dy <= reach2:
                near += 1
                break
    return near


@loop
def support(
    codes: Any, points: Any, count: Any, width: Any, height: Any, first: Any, second: Any, maps: Any, begin: Any, end: Any,
    sizes: Any, places: Any, steps: Any, flags: Any, counts: Any, near: Any,
) -> Any:  # fmt: skip
    """For each pair how many features of either side count, how many of them are supported, and how many agree.

    codes: u8, points, count, width, height: u1: of `Features`. first, second: i8 (k,), rows. maps: f8 (k, 6), unit coordinates of
    the first to those of the second. begin, end: which pairs. sizes: f8 (511,), `features.ZOOMS`. places: f8 (512,), steps: i8
    (256,), flags: u1 (512,), scratch. counts: i8 (k, 3), first, second, agreeing. near: i8 (k, 2), first, second.
    """
    x, y, u, v = places[0:128], places[128:256], places[256:384], places[384:512]
    size_a, size_b = steps[0:128], steps[128:256]
    in_a, in_b, ok_a, ok_b = flags[0:128], flags[128:256], flags[256:384], flags[384:512]
    for pair in range(begin, end):
        a, b = first[pair], second[pair]
        m0, m1, m2 = maps[pair, 0], maps[pair, 1], maps[pair, 2]
        m3, m4, m5 = maps[pair, 3], maps[pair, 4], maps[pair, 5]
        for k in range(3):
            counts[pair, k] = 0
        near[pair, 0] = 0
        near[pair, 1] = 0
        det = m0 * m4 - m1 * m3
        if not abs(det) > 0.0:
            continue
        long_a, long_b = float(max(width[a], height[a])), float(max(width[b], height[b]))
        wa, ha, wb, hb = width[a] / long_a, height[a] / long_a, width[b] / long_b, height[b] / long_b
        flip = MIRROR if det < 0.0 else np.uint64(0)
        zoom = math.sqrt(abs(det) * (wb * hb) / (wa * ha))
        na, nb = np.int64(count[a]), np.int64(count[b])
        _unpack(points, a, na, x, y, size_a)
        _unpack(points, b, nb, u, v, size_b)
        for j in range(nb):
            px, py = u[j] / 4096.0 / wb - m2, v[j] / 4096.0 / hb - m5
            back_x, back_y = (m4 * px - m1 * py) / det, (m0 * py - m3 * px) / det
            inside = back_x > 0.0 and back_x < 1.0 and back_y > 0.0 and back_y < 1.0
            in_b[j] = 1 if inside and sizes[255 + size_b[j]] / 4096.0 / zoom >= SMALLEST else 0
            ok_b[j] = 0
        for i in range(na):
            px, py = x[i] / 4096.0 / wa, y[i] / 4096.0 / ha
            to_x, to_y = m0 * px + m1 * py + m2, m3 * px + m4 * py + m5
            inside = to_x > 0.0 and to_x < 1.0 and to_y > 0.0 and to_y < 1.0
            in_a[i] = 1 if inside and sizes[255 + size_a[i]] / 4096.0 * zoom >= SMALLEST else 0
            ok_a[i] = 0
            at_x, at_y = to_x * wb * 4096.0, to_y * hb * 4096.0
            code = codes[a * 128 + i] ^ flip
            for j in range(nb):
                dx, dy = at_x - u[j], at_y - v[j]
                if dx * dx + dy * dy <= PLACE2 and popcount(code ^ codes[b * 128 + j]) <= NEAR:
                    ok_a[i] = 1
                    ok_b[j] = 1
        inside_a, inside_b = _keep_first(in_a, na, na), _keep_first(in_b, nb, nb)
        counts[pair, 0] = _keep_first(in_a, na, 8 + ((3 * inside_b) >> 1))
        counts[pair, 1] = _keep_first(in_b, nb, 8 + ((3 * inside_a) >> 1))
        counts[pair, 2] = _keep_first(ok_a, na, na)
        reach_a, reach_b = REACH * min(1.0, 1.0 / zoom) * 4096.0, REACH * min(1.0, zoom) * 4096.0
        near[pair, 0] = _reached(x, y, in_a, ok_a, na, reach_a * reach_a)
        near[pair, 1] = _reached(u, v, in_b, ok_b, nb, reach_b * reach_b)
    return end - begin

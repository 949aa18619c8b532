"""Verified pairs in the words of the report: tier, edits, pose, box and the similarity of each part."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
from numpy.typing import NDArray

from engine.fingerprint.gradient import gradients
from engine.match.pixels.alignment import content_boxes, inverses
from engine.match.pixels.colour import COLOUR_DTYPE, weigh_colour
from engine.match.pixels.frame import aspect_change, frame_evidence, posed_rows
from engine.match.pixels.placing import Placing, boxes_under, placing
from engine.match.poses import POSES, inverse, pose_hash256
from engine.match.verdict.films import films_differ
from engine.match.verdict.near_miss import perhaps_two_exposures
from engine.match.verdict.reframed import STRETCHED, colour_under, reframed_bits
from engine.match.verdict.scale import similarity
from engine.match.verdict.strength import agreement
from engine.match.verdict.tiers import edits_of, tiers_of
from engine.records import PAIR_DTYPE, Edit, PictureTable, Tier

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_INVERSE = np.array([inverse(pose) for pose in range(POSES)])


def described(table: PictureTable, evidence: NDArray[np.void]) -> NDArray[np.void]:
    """Pairs in the order a < b: `PAIR_DTYPE` (k,). evidence: `judge.EVIDENCE_DTYPE` (k,), one row a pair.

    Everything is looked at from the picture that asks, which follows from content; rows decide only from which side it is told.
    """
    a, b, maps = evidence["first"].copy(), evidence["second"].copy(), evidence["map"].copy()
    sizes = np.maximum(np.stack([table.width, table.height], axis=1), 1).astype(np.float64)
    contents = content_boxes(table.frame[a]), content_boxes(table.frame[b])
    placed = placing(maps, (sizes[a], sizes[b]), contents)
    rows, where = np.unique(np.stack([a, b]), return_inverse=True)
    x, y = where.reshape(2, -1)
    plates, colours = np.asarray(table.plate[rows]), np.asarray(table.colour[rows])  # perhaps from the disk: each once
    out = np.zeros(len(a), dtype=PAIR_DTYPE)
    out["a"], out["b"], out["pose"], out["box"] = a, b, placed.pose, placed.box
    out["score"] = similarity(evidence["strength"])
    colour = np.zeros(len(a), dtype=COLOUR_DTYPE)
    frames = films_differ(table, a, b, placed.pose)
    whole = np.nonzero(placed.whole)[0]
    if len(whole):
        colour[whole] = _whole_frames(table, out, _rows(placed, whole), whole, plates, colours, (x, y), frames)
    part = np.nonzero(~placed.whole)[0]
    if len(part):
        some = _rows(placed, part)
        pairs, chroma = (plates[x[part]], plates[y[part]]), (colours[x[part]], colours[y[part]])
        boxes = contents[0][part], contents[1][part]
        colour[part] = colour_under(maps[part], boxes, pairs, chroma)
        grey = pairs[0].astype(np.float64), pairs[1].astype(np.float64)
        bits = reframed_bits(evidence[part], some, boxes, grey, colour[part])
        out["edits"][part] = bits | np.where(frames[part], np.uint32(1 << Edit.FRAMES), np.uint32(0))
        out["tier"][part] = Tier.EDITED
    hashes = _hash_distance(table, a, b, placed.pose), _edge_distance(plates[x], table.gradient[b], placed.pose)
    _fill_parts(out["parts"], evidence, hashes, colour)
    _turn_round(out, maps, sizes, placed)
    return out


def _turn_round(out: NDArray[np.void], maps: Floats, sizes: Floats, placed: Placing) -> None:
    """Tell pairs with a > b from the other side."""
    rows = np.nonzero(out["a"] > out["b"])[0]
    a, b, exact = out["b"][rows], out["a"][rows], placed.whole[rows] & ~placed.cut[rows]
    pose = _INVERSE[placed.pose[rows]]
    out["a"][rows], out["b"][rows], out["pose"][rows] = a, b, pose
    out["box"][rows] = np.where(exact[:, None], (0.0, 0.0, 1.0, 1.0), boxes_under(inverses(maps[rows]), sizes[a], pose))


def _whole_frames(
    table: PictureTable,
    out: NDArray[np.void],
    placed: Placing,
    rows: Ints,
    plates: NDArray[np.uint8],
    colours: NDArray[np.uint8],
    ends: tuple[Ints, Ints],
    frames: NDArray[np.bool_],
) -> NDArray[np.void]:
    """Fill in edits and tier of pairs that share the frame; their colour evidence."""
    a, b, pose = (out[name][rows].astype(np.int64) for name in ("a", "b", "pose"))
    x, y = ends[0][rows], ends[1][rows]
    evidence = frame_evidence(plates, x, y, pose)
    colour = weigh_colour(colours[x], colours[y], (plates[x], plates[y]), pose)
    stretch = aspect_change(table, a, b, pose)
    edits = edits_of(evidence, colour, pose, frames[rows])
    edits |= np.where(stretch > STRETCHED, np.uint32(1 << Edit.STRETCHED), np.uint32(0))
    edits |= np.where(placed.cut, np.uint32(1 << Edit.CROP), np.uint32(0))
    out["edits"][rows] = edits
    out["tier"][rows] = tiers_of(evidence, edits, stretch, perhaps_two_exposures(table, a, b))
    return colour


def _fill_parts(
    parts: NDArray[np.uint8], evidence: NDArray[np.void], hashes: tuple[Ints, Ints], colour: NDArray[np.void]
) -> None:
    """In the order of `records.PART_NAMES`."""
    values = (
        evidence["ncc"],
        1.0 - hashes[0] / 128.0,
        1.0 - hashes[1] / 32.0,
        1.0 - (colour["distance"] + colour["luma"]) / 128.0,
        agreement(evidence),
        np.minimum(evidence["share_a"], evidence["share_b"]),
    )
    for number, value in enumerate(values):
        parts[:, number] = np.rint(np.clip(value, 0.0, 1.0) * 255.0).astype(np.uint8)


def _rows(placed: Placing, rows: Ints) -> Placing:
    return Placing(**{field.name: getattr(placed, field.name)[rows] for field in fields(Placing)})


def _hash_distance(table: PictureTable, a: Ints, b: Ints, poses: Ints) -> Ints:
    out = np.zeros(len(a), dtype=np.int64)
    for pose in np.unique(poses).tolist():
        rows = poses == pose
        apart = pose_hash256(table.dct256[a[rows]], pose) ^ table.dct256[b[rows]]
        out[rows] = np.bitwise_count(apart).sum(axis=1, dtype=np.int64)
    return out


def _edge_distance(plates: NDArray[np.uint8], gradient: NDArray[np.uint64], poses: Ints) -> Ints:
    # a turned picture's gradient hash follows from its plate, not from the stored one
    result: Ints = np.bitwise_count(gradients(posed_rows(plates, poses)) ^ gradient).astype(np.int64)
    return result

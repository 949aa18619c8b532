"""Analyses of libraries that no disk holds: families of pictures, pairs drawn at random, as many as a test or a bench wants."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine import match
from engine.config import MatchOptions
from engine.jobs.analysis import Analysis
from engine.jobs.library import Files, Library, NewFile, library_files
from engine.records import (
    PAIR_DIFFERENT,
    PAIR_DTYPE,
    PAIR_KEEP_ALL,
    PictureFacts,
    PictureTable,
    Role,
    Shot,
    StatFacts,
    Tier,
)

FOLDERS = 40  # a million photos do not lie in a million folders
NO_FILM = np.int64(-1)


def make_analysis(
    families: int,
    *,
    members: int = 3,
    seed: int = 1,
    shots: bool = False,
    decided: float = 0.0,
    crossing: float = 0.05,
    line: float = 0.86,
) -> Analysis:
    """Families of pictures of which most pairs are alike; the rest of the table is drawn, too.

    shots: some pictures are camera RAW beside a JPEG, some have a sidecar or a film. decided: share of pairs of which the user
    said something. crossing: links to other families, as a share of all.
    """
    rng = np.random.default_rng(seed)
    family = np.repeat(np.arange(families), rng.integers(2, 2 * members - 1, families))
    library, pictures, family = _library(family, rng, shots)
    table = _table(pictures, rng)
    pairs = _pairs(family, table, rng, crossing)
    said = rng.random(len(pairs)) < decided
    pairs["flags"][said] = rng.choice([PAIR_DIFFERENT, PAIR_KEEP_ALL], int(said.sum()))
    removed = (pairs["flags"] & PAIR_DIFFERENT) != 0
    merges = match.merge_list(table, pairs, removed)
    return Analysis(library, pictures, table, pairs, removed, merges, MatchOptions(line=line), line)


def _library(family: np.ndarray, rng: np.random.Generator, shots: bool) -> tuple[Library, Files, np.ndarray]:
    files: list[NewFile] = []
    formed: list[Shot] = []
    of: list[int] = []
    for number, (group, kind) in enumerate(zip(family.tolist(), rng.integers(0, 12, len(family)).tolist(), strict=True)):
        stem = b"/photos/%02d/IMG_%07d" % (group * FOLDERS // (int(family[-1]) + 1), number)
        names = [(b".jpg", "picture", Role.RENDERED)]
        if shots:
            names += {
                0: [(b".nef", "raw", Role.RAW)],
                1: [(b".xmp", "sidecar", Role.SIDECAR)],
                2: [(b".mov", "movie", Role.MOVIE)],
            }.get(kind, [])
        begin = len(files)
        copy = number > 0 and family[number - 1] == group and rng.random() < 0.1
        for suffix, content, role in sorted(names):
            facts = _facts(number, content, rng, copy)
            file = NewFile(stem + suffix, _stat(number, rng), "ok", facts=facts, row=len(files))
            if content in ("sidecar", "movie"):
                file.status, file.code, file.row = "skipped", "scan.companion", None
            if len(names) > 1:
                file.shot, file.role = len(formed), role
            of.append(group)
            files.append(file)
        if len(names) > 1:
            inside = range(begin, len(files))
            formed.append(Shot(tuple(inside), tuple(r for i in inside if (r := files[i].role) is not None)))
    library = Library((b"/photos",), library_files(files), tuple(formed), final=True)
    pictures = library.pictures()
    return library, pictures, np.array(of, np.int64)[pictures.ids]


def _stat(number: int, rng: np.random.Generator) -> StatFacts:
    return StatFacts(int(rng.integers(100_000, 30_000_000)), number, number, 1, number)


def _facts(number: int, content: str, rng: np.random.Generator, copy: bool) -> PictureFacts:
    if content in ("sidecar", "movie"):
        return PictureFacts("skipped", "scan.not-a-picture", kind=content, blake3=rng.integers(0, 9, 1, np.uint8).tobytes() * 32)
    width = int(rng.choice([6000, 3000, 1600]))
    raw = content == "raw"
    return PictureFacts(
        "ok" if rng.random() < 0.97 else "partial",
        format="nef" if raw else "jpeg",
        kind=content,
        width=width,
        height=width * 2 // 3,
        frames=1,
        make="Maker" if rng.random() < 0.5 else "",
        taken=f"2024-05-{rng.integers(1, 4):02}T10:00:00" if rng.random() < 0.5 else None,
        quantisation=None if raw else int(rng.integers(100, 130)),
        rating=int(rng.integers(0, 3)),
        blake3=b"%-7s%09d" % (content.encode(), number - copy) * 2,
    )


def _table(pictures: Files, rng: np.random.Generator) -> PictureTable:
    n = len(pictures)
    facts = [file.facts or PictureFacts("error") for file in pictures]
    ids: dict[bytes | None, int] = {}
    alone = 1 + max((file.shot for file in pictures if file.shot is not None), default=0)
    unknown = np.full(n, -1, np.int64)
    return PictureTable(
        dct64=rng.integers(0, 2**63, n, np.uint64),
        dct256=rng.integers(0, 2**63, (n, 4), np.uint64),
        gradient=np.zeros(n, np.uint64),
        trim64=np.zeros(n, np.uint64),
        trim256=np.zeros((n, 4), np.uint64),
        frame=np.zeros((n, 8), np.uint16),
        # what takes much room and is looked at where a pair is compared only stands once for all
        colour=np.broadcast_to(np.zeros(128, np.uint8), (n, 128)),
        points=np.broadcast_to(np.zeros((128, 5), np.uint8), (n, 128, 5)),
        codes=np.broadcast_to(np.zeros(128, np.uint64), (n, 128)),
        plate=np.broadcast_to(rng.integers(0, 255, (64, 64), np.uint8), (n, 64, 64)),
        bytes_id=np.array([ids.setdefault(f.blake3, len(ids)) for f in facts], np.int64),
        data_id=unknown,
        variant=np.zeros(n, np.int64),
        orientation=np.ones(n, np.uint8),
        width=np.array([f.width or 0 for f in facts], np.int32),
        height=np.array([f.height or 0 for f in facts], np.int32),
        frames=np.ones(n, np.int32),
        film=np.full(n, NO_FILM),
        moment=unknown,
        camera=unknown,
        exposure=unknown,
        shot=np.array([f.shot if f.shot is not None else alone + i for i, f in enumerate(pictures)], np.int64),
        flat=np.zeros(n, np.bool_),
        partial=np.array([f.status == "partial" for f in facts], np.bool_),
        raw=np.array([f.kind == "raw" for f in facts], np.bool_),
    )


def _pairs(family: np.ndarray, table: PictureTable, rng: np.random.Generator, crossing: float) -> np.ndarray:
    """Most pairs inside a family, some across; equal bytes make identical pairs with the first of them."""
    ends = [_inside(family)]
    ends[0] = ends[0][rng.random(len(ends[0])) < 0.998]
    ends.append(rng.integers(0, len(family), (int(len(ends[0]) * crossing), 2)))
    first = np.unique(table.bytes_id, return_index=True)[1][table.bytes_id]
    a, b = np.sort(np.concatenate(ends), axis=1).T
    kept = (first[a] == a) & (first[b] == b) & (table.shot[a] != table.shot[b])
    twins = np.flatnonzero((first != np.arange(len(first))) & (table.shot != table.shot[first]))
    key = np.unique(np.concatenate([a[kept] * len(first) + b[kept], first[twins] * len(first) + twins]))
    pairs = np.zeros(len(key), PAIR_DTYPE)
    pairs["a"], pairs["b"] = key // len(first), key % len(first)
    near = family[pairs["a"]] == family[pairs["b"]]
    pairs["score"] = np.round(1 - np.where(near, 0.3, 0.5) * rng.random(len(key)) ** np.where(near, 2, 0.7), 4)
    pairs["tier"] = np.where(pairs["score"] > 0.9, Tier.SAME_PICTURE, Tier.EDITED) + (rng.random(len(key)) < 0.1)
    identical = table.bytes_id[pairs["a"]] == table.bytes_id[pairs["b"]]
    pairs["score"][identical], pairs["tier"][identical] = 1.0, Tier.IDENTICAL
    pairs["box"] = (0, 0, 1, 1)
    return pairs


def _inside(family: np.ndarray) -> np.ndarray:
    """Every pair of rows of one family: (k, 2)."""
    start = np.flatnonzero(np.diff(family, prepend=-1))
    size = np.diff(np.append(start, len(family)))
    found = [np.empty((0, 2), np.int64)]
    for apart in range(1, int(size.max(initial=1))):
        a = np.flatnonzero(family[:-apart] == family[apart:]) if len(family) > apart else np.empty(0, np.int64)
        found.append(np.column_stack([a, a + apart]))
    return np.concatenate(found)


def at_line(analysis: Analysis, line: float) -> Analysis:
    """The same with another line."""
    return replace(analysis, line=line)

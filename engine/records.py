"""The nouns that cross rooms: frozen dataclasses for few things, numpy dtypes for many. Nothing here does work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

# --------------------------------------------------------------------------------------------- files on disk


@dataclass(frozen=True, slots=True)
class StatFacts:
    """The facts by which a file is recognised without reading it. Sizes in bytes, times in ns since the epoch."""

    size: int
    mtime_ns: int
    ctime_ns: int
    device: int
    inode: int
    mode: int = 0

    def same_file_state(self, other: StatFacts) -> bool:
        """True when all five facts of safety rule S3 agree (mode is not one of them)."""
        return (self.size, self.mtime_ns, self.ctime_ns, self.device, self.inode) == (
            other.size,
            other.mtime_ns,
            other.ctime_ns,
            other.device,
            other.inode,
        )


@dataclass(frozen=True, slots=True)
class FoundFile:
    """One file met on the walk.

    path: absolute raw bytes, as reached from the folder given. root: index into `Walk.roots`.
    skip: None, or why it is not looked at (``scan.hidden`` ``scan.link`` ``scan.hard-link`` ``scan.not-regular``).
    same_as: for ``scan.hard-link`` the path of the first name of the same inode, else None.
    error: None, or ``read.denied`` / ``read.vanished`` / ``read.io`` when it could not even be looked up.
    """

    path: bytes
    root: int
    stat: StatFacts
    skip: str | None = None
    same_as: bytes | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Walk:
    """What a walk met. `files` are sorted by raw path bytes; `folders_skipped` counts by reason."""

    roots: tuple[bytes, ...]
    files: tuple[FoundFile, ...]
    folders_skipped: dict[str, int]
    warnings: tuple[str, ...] = ()


# --------------------------------------------------------------------------------------------- what a file holds


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """All that a worker tells of one file, apart from the fingerprint parts.

    status, code: as in the report. format: name of `formats.FORMATS`, None when unknown.
    kind: ``picture`` ``raw`` ``movie`` ``sidecar`` ``other``: what the content (for sidecars: the name) is.
    width, height: px as displayed (after orientation). orientation: EXIF 1..8 as declared, 1 when none or when
    the codec applied it already. frames: 1 for a still; frame_hashes: 8 bytes (dct64, little-endian) for each of at most 64
    sampled frames, empty for a still.
    taken: ``YYYY-MM-DDTHH:MM:SS`` or None; taken_fraction: digits behind the second, "" if none.
    make, model, serial, exposure: as the camera wrote them, "" when unknown (exposure: time|aperture|iso|bias).
    keywords: how many. quantisation: sum of the luma table of a JPEG, smaller is less compressed; None if not JPEG.
    profile: 16-byte digest of the colour profile (b"" when none: sRGB assumed).
    flat: nothing to compare by look (``decode.low-information``).
    blake3: 32 bytes of the whole file or None when it was not read whole. picture_digest: 32 bytes over the picture data
    without metadata (JPEG, PNG), else None.
    route: which decode route gave the pixels. decoder: versions that could change the outcome, e.g. "Pillow 13.0.0".
    detail: a technical sentence for logs and hints, may be "".
    """

    status: str
    code: str | None = None
    format: str | None = None
    kind: str = "other"
    width: int | None = None
    height: int | None = None
    orientation: int = 1
    frames: int | None = None
    frame_hashes: bytes = b""
    taken: str | None = None
    taken_fraction: str = ""
    make: str = ""
    model: str = ""
    serial: str = ""
    exposure: str = ""
    gps: bool = False
    rating: int | None = None
    keywords: int = 0
    lossless: bool = False
    quantisation: int | None = None
    profile: bytes = b""
    flat: bool = False
    blake3: bytes | None = None
    picture_digest: bytes | None = None
    route: str = ""
    decoder: str = ""
    detail: str = ""

    @property
    def is_picture(self) -> bool:
        """A picture came out: it can be matched (by look unless flat)."""
        return self.status in ("ok", "partial")

    def to_json(self) -> dict[str, Any]:
        """A plain dict with bytes as hex; inverse of `from_json`."""
        return {k: v.hex() if isinstance(v, bytes) else v for k, v in asdict(self).items()}

    @staticmethod
    def from_json(data: dict[str, Any]) -> PictureFacts:
        """Strict inverse of `to_json`; raises ValueError on unknown fields or wrong types (input is untrusted)."""
        return _facts_from_json(data)


_BYTES_FIELDS = ("frame_hashes", "profile", "blake3", "picture_digest")
_FIELD_TYPES: dict[str, tuple[type, ...]] = {
    "status": (str,),
    "code": (str, type(None)),
    "format": (str, type(None)),
    "kind": (str,),
    "width": (int, type(None)),
    "height": (int, type(None)),
    "orientation": (int,),
    "frames": (int, type(None)),
    "frame_hashes": (bytes,),
    "taken": (str, type(None)),
    "taken_fraction": (str,),
    "make": (str,),
    "model": (str,),
    "serial": (str,),
    "exposure": (str,),
    "gps": (bool,),
    "rating": (int, type(None)),
    "keywords": (int,),
    "lossless": (bool,),
    "quantisation": (int, type(None)),
    "profile": (bytes,),
    "flat": (bool,),
    "blake3": (bytes, type(None)),
    "picture_digest": (bytes, type(None)),
    "route": (str,),
    "decoder": (str,),
    "detail": (str,),
}


def _facts_from_json(data: dict[str, Any]) -> PictureFacts:
    if not isinstance(data, dict):
        raise ValueError("facts are not an object")
    values: dict[str, Any] = {}
    for name, value in data.items():
        if name not in _FIELD_TYPES:
            raise ValueError(f"unknown fact {name!r}")
        if name in _BYTES_FIELDS and isinstance(value, str):
            value = bytes.fromhex(value)
        allowed = _FIELD_TYPES[name]
        if not isinstance(value, allowed) or (isinstance(value, bool) and bool not in allowed):
            raise ValueError(f"fact {name!r} has the wrong type")
        values[name] = value
    if "status" not in values:
        raise ValueError("facts without status")
    return PictureFacts(**values)


# --------------------------------------------------------------------------------------------- tiers, pairs


class Tier(IntEnum):
    """How close two files are, strictest first."""

    IDENTICAL = 0
    SAME_DATA = 1
    SAME_PICTURE = 2
    EDITED = 3
    SAME_MOMENT = 4

    @property
    def label(self) -> str:
        """The name used in reports: ``identical`` … ``same-moment``."""
        return self.name.lower().replace("_", "-")

    @staticmethod
    def from_label(label: str) -> Tier:
        """Inverse of `label`; raises ValueError."""
        for tier in Tier:
            if tier.label == label:
                return tier
        raise ValueError(f"unknown tier {label!r}")


class Edit(IntEnum):
    """Bit numbers of `PAIR_DTYPE.edits`; the report's name is `label`."""

    TURNED = 0
    MIRRORED = 1
    CROP = 2
    TONE = 3
    COLOUR = 4
    BLACK_AND_WHITE = 5
    OVERLAY = 6
    BORDER = 7
    FRAMES = 8

    @property
    def label(self) -> str:
        return self.name.lower().replace("_", "-")


def edit_labels(bits: int) -> list[str]:
    """Names of the set bits, in bit order."""
    return [edit.label for edit in Edit if bits >> edit & 1]


PAIR_PROVISIONAL = 1
PAIR_DIFFERENT = 2  # decided: never cluster again
PAIR_KEEP_ALL = 4  # decided: the same picture, all wanted

PART_NAMES = ("structure", "hash", "edges", "colour")
"""Meaning of the first entries of `PAIR_DTYPE.parts`: similarity per part, 0..255."""

PAIR_DTYPE = np.dtype(
    [
        ("a", "<u4"),
        ("b", "<u4"),
        ("score", "<f4"),
        ("parts", "u1", (8,)),
        ("tier", "u1"),
        ("pose", "u1"),
        ("flags", "<u2"),
        ("edits", "<u4"),
        ("box", "<f4", (4,)),
    ]
)
"""A scored pair. a < b are indices into the `PictureTable` the pair was made from; score 0..1, rounded to 4 decimals when
reported; pose p = 4 t + 2 y + x: B is A transposed if t, then mirrored top-bottom if y, then left-right if x; box is the
part of A that B shows (left, top, right, bottom), fractions of A after turn and mirror, may reach outside 0..1."""


@dataclass(frozen=True, slots=True)
class PictureTable:
    """The pictures that matching sees, one row a picture, **sorted by raw path bytes**; all arrays read-only, first axis n.

    dct64 uint64 (n,) · dct256 uint64 (n, 4) · gradient uint64 (n,) · colour uint8 (n, 192) · plate uint8 (n, 64, 64).
    bytes_id, data_id int64 (n,): equal ids mean equal whole-file digests / equal picture data; -1 unknown.
    variant int64 (n,): equal ids mean equal declared orientation *and* colour profile. orientation uint8 (n,): EXIF 1..8.
    width, height int32 (n,): px as displayed. frames int32 (n,). film int64 (n,): place of the frame hashes in `films`, -1 for a
    still.
    moment int64 (n,): capture time in ms since 1970 as the camera wrote it, -1 unknown (sub-second included where known).
    camera int64 (n,): equal ids mean equal make, model and serial; -1 unknown. exposure int64 (n,): likewise for exposure.
    shot int64 (n,): equal ids mean one shot; every picture has an id (a picture alone has one of its own).
    flat bool (n,): never matches by look. partial bool (n,). raw bool (n,).
    """

    dct64: NDArray[np.uint64]
    dct256: NDArray[np.uint64]
    gradient: NDArray[np.uint64]
    colour: NDArray[np.uint8]
    plate: NDArray[np.uint8]
    bytes_id: NDArray[np.int64]
    data_id: NDArray[np.int64]
    variant: NDArray[np.int64]
    orientation: NDArray[np.uint8]
    width: NDArray[np.int32]
    height: NDArray[np.int32]
    frames: NDArray[np.int32]
    film: NDArray[np.int64]
    moment: NDArray[np.int64]
    camera: NDArray[np.int64]
    exposure: NDArray[np.int64]
    shot: NDArray[np.int64]
    flat: NDArray[np.bool_]
    partial: NDArray[np.bool_]
    raw: NDArray[np.bool_]
    films: tuple[bytes, ...] = ()

    def __len__(self) -> int:
        return len(self.dct64)


# --------------------------------------------------------------------------------------------- shots, clusters


class Role(IntEnum):
    """What a file is in its shot."""

    RAW = 0
    RENDERED = 1
    SIDECAR = 2
    MOVIE = 3

    @property
    def label(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Shot:
    """Files that are one shot and travel together: indices into the scan's file list (ascending), and a role for each."""

    files: tuple[int, ...]
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class Merges:
    """The list of joins of one pair table: clusters at any line are the joins with score >= line.

    score float32 (m,) descending; left, right uint32 (m,): node indices joined (any representative of each side).
    node int64 (n,): the node (shot or group of equal bytes) of each picture.
    """

    score: NDArray[np.float32]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    node: NDArray[np.int64]


class Suggest(IntEnum):
    """What the keeper rules propose for one file."""

    KEEP = 0
    REMOVE = 1
    UNDECIDED = 2

    @property
    def label(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Verdict:
    """A choice for one file with its one-line reason. source: ``rule`` ``user`` ``default``."""

    file: int
    suggest: Suggest
    reason: str
    tier: Tier
    source: str = "rule"


class ClusterState(IntEnum):
    """How far the user is with a cluster."""

    UNDECIDED = 0
    PROPOSED = 1
    DECIDED = 2
    ASIDE = 3

    @staticmethod
    def of(verdicts: Iterable[Verdict], *, aside: bool) -> ClusterState:
        """The state of a cluster with these verdicts in force; aside: it was set aside.

        What was accepted stays decided when it has moved, also where an edit beside the kept photo was left as it is.
        """
        if aside:
            return ClusterState.ASIDE
        held = [(verdict.suggest, verdict.source == "user") for verdict in verdicts]
        if (Suggest.REMOVE, False) in held:
            return ClusterState.PROPOSED
        decided = (Suggest.REMOVE, True) in held or (Suggest.KEEP, True) in held
        return ClusterState.DECIDED if decided else ClusterState.UNDECIDED


@dataclass(frozen=True, slots=True)
class Cluster:
    """Pictures that belong together at the current line.

    members: file ids, ascending. tier: the loosest that holds it together. weakest, strongest: 0..1, 4 decimals.
    key: content key of the first member by path, stable across rescans.
    nests: file ids of each nest: the cluster cut to links of tier same-picture or stricter.
    units: the members by shot, the best shot first (the proposed keeper, else the one with most pixels), then by path; in a
    unit camera RAW first. What the user sees as one photo is one unit.
    verdicts: one a member, in their order; the user's word where there is one. proposals: what the rules said of each member, ()
    where no verdict is the user's.
    """

    key: str
    members: tuple[int, ...]
    tier: Tier
    weakest: float
    strongest: float
    verdicts: tuple[Verdict, ...] = ()
    reclaimable_bytes: int = 0
    nests: tuple[tuple[int, ...], ...] = ()
    units: tuple[tuple[int, ...], ...] = ()
    state: ClusterState = ClusterState.UNDECIDED
    proposals: tuple[Verdict, ...] = ()


@dataclass(frozen=True, slots=True)
class ClusterColumns:
    """The clusters of a snapshot as arrays, for sorting and filtering 100,000 of them; read-only, first axis one a cluster.

    tier, state uint8. units int32: photos (shots). weakest, strongest float32. reclaimable int64: bytes.
    row_of_file int32, one a file id up to the largest member: row of the cluster it is in, -1 for none.
    row_of_key: row of each cluster key. going int32, going_bytes int64: photos that the user marked for trash, and their bytes.
    """

    tier: NDArray[np.uint8]
    state: NDArray[np.uint8]
    units: NDArray[np.int32]
    weakest: NDArray[np.float32]
    strongest: NDArray[np.float32]
    reclaimable: NDArray[np.int64]
    row_of_file: NDArray[np.int32]
    row_of_key: Mapping[str, int]
    going: NDArray[np.int32]
    going_bytes: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ClusterSnapshot:
    """All clusters at one line; immutable, swapped whole. line: 0..1; generation rises with every snapshot of a session.

    photos: shots in clusters. library: rises when file ids begin to mean other files. marks: how many calls of
    `Session.set_marks` and `Session.set_aside` its verdicts and states hold.
    """

    generation: int
    line: float
    clusters: tuple[Cluster, ...]
    photos: int
    reclaimable_bytes: int
    final: bool
    columns: ClusterColumns
    library: int = 0
    marks: int = 0


@dataclass(frozen=True, slots=True)
class LineCounts:
    """What a line would give. bytes: space to win; about: True while the rules were not asked and the number is an estimate."""

    clusters: int
    photos: int
    bytes: int
    about: bool = False


@dataclass(frozen=True, slots=True)
class PairView:
    """Two files as the matcher sees them, a before b as asked for. parts: name to similarity 0..1. edits: labels as in a report.

    turn: 0 90 180 270, degrees clockwise by which a must be turned, after mirroring left-right if mirror, to lie like b.
    box: part of a that b shows (left, top, right, bottom), fractions of a as it then lies.
    """

    a: int
    b: int
    score: float
    tier: Tier
    parts: Mapping[str, float]
    edits: tuple[str, ...]
    turn: int = 0
    mirror: bool = False
    box: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class FolderView:
    """A folder of the open library. parent: index in the same tuple, -1 for a root. photos: pictures in it and below it.

    path: readable text; path_bytes: exact. offline: its disk is not connected. protected: itself or a folder above it is.
    """

    path: str
    path_bytes: bytes
    parent: int
    photos: int
    offline: bool = False
    protected: bool = False


@dataclass(frozen=True, slots=True)
class ApplyFolder:
    """Photos that would go from one folder, and their bytes with companions left out."""

    path: str
    photos: int
    bytes: int


@dataclass(frozen=True, slots=True)
class ApplyLeft:
    """A photo that is left alone, and why: code as in the contract, a sentence, what to do."""

    path: str
    code: str
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class ApplyCheck:
    """What a move would do, checked against the files just now; nothing was moved.

    id: for `Session.apply_checked`. photos, clusters, companions: counts. bytes: with companions; companion_bytes: theirs.
    folders: from where, most bytes first. files: ids of the photos, for thumbnails, in the order of the clusters.
    left: refused before it happens. poorer: (path, what the kept photo lacks: ``rating`` ``keywords`` ``gps``) of photos whose
    facts the kept one has not. no_trash: readable names of volumes without a trash that photos lie on (trash destination only).
    scope: sentences that must be confirmed apart (safety rule S18); empty mostly.
    """

    id: int
    photos: int
    clusters: int
    companions: int
    bytes: int
    companion_bytes: int
    folders: tuple[ApplyFolder, ...]
    files: tuple[int, ...]
    left: tuple[ApplyLeft, ...]
    poorer: tuple[tuple[str, tuple[str, ...]], ...]
    no_trash: tuple[str, ...]
    scope: tuple[str, ...]


# --------------------------------------------------------------------------------------------- problems, progress


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that gave no or only part of a picture, in words for the user."""

    path: bytes
    code: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is. total is None while unknown; stored is what would survive a kill now; per_second in files."""

    stage: str
    done: int
    stored: int
    total: int | None
    per_second: float
    problems: int = 0


@dataclass(frozen=True, slots=True)
class ImageRequest:
    """A picture wanted for the screen: file id and longest edge in px (0: full size)."""

    file: int
    edge: int


@dataclass(frozen=True, slots=True)
class ImageReply:
    """Pixels for the screen, or None with a sentence in `error`. full_size: px as displayed.

    pixels: uint8 (H, W, 4), blue green red 255 in sRGB (what a 32-bit screen takes without converting), C-contiguous, read-only.
    preview: True when it came from an embedded preview of a RAW and not from its full data.
    """

    token: int
    file: int
    edge: int
    pixels: NDArray[np.uint8] | None
    full_size: tuple[int, int] = (0, 0)
    error: str = ""
    preview: bool = False


@dataclass(frozen=True, slots=True)
class FileView:
    """One file as the window shows it. path: readable text; path_bytes: the exact name.

    quality: estimated JPEG quality 1..100 from its luma table, None where unknown. role: in its shot, as in the report; "" alone.
    camera, exposure: readable, "" when unknown. rating 0..5 or None. keywords: how many. protected: below a protected folder.
    companions: the other files of its shot.
    """

    id: int
    path: str
    path_bytes: bytes
    size: int
    mtime_ns: int
    status: str
    code: str | None
    format: str | None
    width: int | None
    height: int | None
    taken: str | None
    companions: tuple[int, ...] = ()
    frames: int | None = None
    quality: int | None = None
    lossless: bool = False
    role: str = ""
    camera: str = ""
    exposure: str = ""
    gps: bool = False
    rating: int | None = None
    keywords: int = 0
    protected: bool = False


def field_names(record: type) -> tuple[str, ...]:
    """Names of a dataclass's fields, in order."""
    return tuple(f.name for f in fields(record))


__all__ = [name for name in dir() if not name.startswith("_") and name not in ("Any", "Iterable", "Mapping", "annotations", "np")]

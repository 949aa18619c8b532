"""Tunables as frozen dataclasses, with units and bounds. Values out of range raise ValueError at creation."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1 << 20
GIB = 1 << 30

PRESETS: dict[str, float] = {"identical": 1.0, "strict": 0.95, "balanced": 0.86, "loose": 0.70}
"""Similarity line of each preset. `identical` also limits pairs to equal bytes."""

DEFAULT_PRESET = "balanced"

FLOOR = 0.50
"""Pairs below this similarity are not kept: the slider's lower end."""

SCHEMES = ("imgfprint",)
"""Other programs' fingerprints that can be asked for."""

CACHE_SHARE = 0.01
"""Of the bytes of all photos known: so much the cache may take after it was made smaller…"""

CACHE_LEAST = 2 * GIB
"""… but never less than so many bytes."""


def cache_bound(photo_bytes: int) -> int:
    """Bytes that the cache may take for photos of so many bytes together."""
    return max(int(CACHE_SHARE * photo_bytes), CACHE_LEAST)


@dataclass(frozen=True, slots=True)
class Limits:
    """The wall around every codec (safety rules, section 5).

    Memory of a worker's own: `memory_base` + `memory_per_pixel` × declared pixels, at most `memory_cap`: 0.6 GiB for a small
    picture, 0.7 for 24 megapixels, 1.0 for 107, 1.4 from 215 on. Above `lone_above` a file is read while no other is, and idle
    workers end first, so that all processes together stay within 1.5 GiB. What needs more than its wall is refused before a codec
    sees it, unless its format can be had by parts (`decode/bands.py`: PNG, BMP and TIFF up to `max_pixels`, in some 100 MiB). CPU
    time grows with the bytes of the file: 20 s, and one for each 10 MB.
    """

    max_bytes: int = 4 * GIB
    max_pixels: int = 500_000_000
    memory_base: int = 6 * GIB // 10
    memory_per_pixel: int = 4
    memory_cap: int = 14 * GIB // 10
    lone_above: int = 1 * GIB  # a file whose estimate lies above this runs alone
    cpu_base_s: float = 20.0
    cpu_per_byte_s: float = 1.0 / (10 * 1000 * 1000)
    stall_s: float = 20.0  # without any CPU time
    wall_s: float = 120.0
    max_frames: int = 64
    metadata_total: int = 64 * MIB
    text_block: int = 16 * MIB
    icc_bytes: int = 4 * MIB
    max_ifds: int = 1000
    max_depth: int = 16
    frame_payload: int = 1 * MIB  # one message on the wire
    files_per_worker: int = 500  # restart after so many

    def cpu_deadline_s(self, size_bytes: int) -> float:
        """CPU seconds a file of this size may cost."""
        return self.cpu_base_s + size_bytes * self.cpu_per_byte_s

    def memory_for(self, pixels: int) -> int:
        """Address space in bytes allowed for a picture of so many declared pixels."""
        return min(self.memory_cap, self.memory_base + self.memory_per_pixel * pixels)


@dataclass(frozen=True, slots=True)
class MatchOptions:
    """What can change pairs and clusters.

    radius64 and radius256: whole-frame candidate radii in bits, None: what a library of this size takes (`match.limits`).
    moments: photographs of one moment make clusters too. scheme: another program's fingerprints and score in place of our own
    (`SCHEMES`), "" for ours; scheme_config: its fields by name.
    """

    preset: str = DEFAULT_PRESET
    line: float = PRESETS[DEFAULT_PRESET]
    radius64: int | None = None
    radius256: int | None = None
    floor: float = FLOOR
    moments: bool = False
    scheme: str = ""
    scheme_config: tuple[tuple[str, float], ...] = ()

    def __post_init__(self) -> None:
        if self.scheme and self.scheme not in SCHEMES:
            raise ValueError(f"unknown scheme {self.scheme!r}; known: {', '.join(SCHEMES)}")
        if self.preset not in PRESETS:
            raise ValueError(f"unknown preset {self.preset!r}; known: {', '.join(PRESETS)}")
        if not 0.0 <= self.line <= 1.0:
            raise ValueError("the threshold must lie between 0 and 1")


@dataclass(frozen=True, slots=True)
class ScanOptions:
    """How a scan runs. workers: child processes, 0 = one per core (at most 8). protected: raw absolute paths of folders.

    quick: stop after embedded thumbnails. first_look: look at embedded thumbnails before the pictures themselves are read.
    keep_trying: volumes that were given up are looked for in the background, and read when they answer again.
    """

    match: MatchOptions = MatchOptions()
    workers: int = 0
    protected: tuple[bytes, ...] = ()
    auto_line: bool = False
    quick: bool = False
    first_look: bool = False
    keep_trying: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.workers <= 64:
            raise ValueError("workers must lie between 0 and 64")


def auto_line(pictures: int) -> float:
    """The line for a library of so many pictures: false pairs grow with n², so it rises (strength 0.95, 1.00, 1.05)."""
    if pictures <= 20_000:
        return PRESETS["balanced"]
    return 0.90 if pictures <= 200_000 else 0.94

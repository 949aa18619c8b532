"""One file as the window shows it: its facts in readable form. Reads nothing from disk."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from engine.jobs.library import Library, LibraryFile
from engine.names import display_text
from engine.records import FileView, PictureFacts

# The example luma table of the JPEG standard (annex K.1); the Independent JPEG Group's library scales it by its quality setting.
_LUMA = (
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55,
    14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
    18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92,
    49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
)  # fmt: skip


def file_view(library: Library, file: LibraryFile, *, protected: bool) -> FileView:
    """See `FileView`."""
    facts = file.facts or PictureFacts(file.status, file.code)
    return FileView(
        id=file.id,
        path=display_text(file.path),
        path_bytes=file.path,
        size=file.stat.size,
        mtime_ns=file.stat.mtime_ns,
        status=file.status,
        code=file.code,
        format=facts.format,
        width=facts.width,
        height=facts.height,
        taken=facts.taken,
        companions=tuple(companion.id for companion in library.companions(file)),
        frames=facts.frames,
        quality=None if facts.lossless else jpeg_quality(facts.quantisation),
        lossless=facts.lossless,
        role=file.role.label if file.role is not None else "",
        camera=camera_name(facts.make, facts.model),
        exposure=exposure_words(facts.exposure),
        gps=facts.gps,
        rating=facts.rating if facts.rating is not None and 0 <= facts.rating <= 5 else None,
        keywords=facts.keywords,
        protected=protected,
        lens=display_text(facts.lens),
        software=display_text(facts.software),
        bit_depth=facts.bit_depth,
        profile_name=display_text(facts.profile_name),
        zone=display_text(facts.zone),
        white_balance=facts.white_balance if facts.white_balance in ("auto", "manual") else "",
        pairing_id=display_text(facts.pairing_id),
        stale_thumbnail=file.stale_thumbnail,
    )


def jpeg_quality(quantisation: int | None) -> int | None:
    """Quality 1..100 whose luma table has the sum nearest to this one, as the widespread JPEG library counts; None for None.

    Other encoders have tables of other shapes: theirs is the quality at which that library would quantise as coarsely.
    """
    if quantisation is None:
        return None
    return 1 + int(np.argmin(np.abs(_luma_sums() - quantisation)))


@cache
def _luma_sums() -> NDArray[np.int64]:
    """Sum of the luma table at quality 1, 2 … 100."""
    quality = np.arange(1, 101)
    scale = np.where(quality < 50, 5000 // quality, 200 - 2 * quality)
    tables = (np.array(_LUMA) * scale[:, None] + 50) // 100
    sums: NDArray[np.int64] = np.clip(tables, 1, 255).sum(axis=1)
    return sums


def camera_name(make: str, model: str) -> str:
    """Make and model without saying the make twice: ``Canon EOS R5``, ``OLYMPUS E-M1``."""
    brand = make.split(" ", 1)[0]
    named = not brand or not model or model.lower().startswith(brand.lower())
    return display_text(model or make if named else f"{brand} {model}")


def exposure_words(exposure: str) -> str:
    """``1/125|2.8|400|-0.33`` as ``1/125 s · f/2.8 · ISO 400 · −0.33 EV``; what is unknown is left out."""
    time, aperture, iso, bias = (exposure.split("|") + [""] * 4)[:4]
    words = [
        f"{time} s" if time else "",
        f"f/{aperture}" if aperture else "",
        f"ISO {iso}" if iso else "",
        f"{bias.replace('-', '−') if bias.startswith('-') else '+' + bias} EV" if bias not in ("", "0") else "",
    ]
    return display_text(" · ".join(word for word in words if word))

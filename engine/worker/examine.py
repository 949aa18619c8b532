"""FINGERPRINT: from one file to the facts and prints that the library keeps."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine import fingerprint, formats
from engine.config import MIB
from engine.decode import DecodeRequest, Picture, decode
from engine.errors import DecodeError
from engine.metadata import DIGESTED, Metadata, picture_digest
from engine.records import PictureFacts
from engine.worker import digest
from engine.worker.loop import DETAIL_CHARS, Reply, Request, readable
from engine.worker.probe import LoneError, NoPictureError, Probe, lone, make_room, probe
from engine.worker.stages import Stages

EDGE = 256
"""Long side in px that a fingerprint is made from, at least; changing it changes every fingerprint. Of the local features of
pictures of 2400 px, 0.83 are found again in a JPEG decoded to 300 px and 0.87 at 600 px: not worth four times the decoding."""

READ_WHOLE_BYTES = 32 * MIB
"""Larger files are read piece by piece, several times; most photographs are smaller."""

TURNED_BY_CODEC = ("heif", "avif")
SKIPPED_CODES = ("decode.unsupported", "decode.too-large", "scan.not-a-picture")
TEXT_CHARS = 256
FRACTION_DIGITS = 9


def examine(request: Request) -> Reply:
    """Facts of any file; with prints when it is a picture. Raises OSError and MemoryError."""
    stages = Stages()
    reply = _examined(request, stages)
    reply.fields["ms"] = stages.told()
    return reply


def _examined(request: Request, stages: Stages) -> Reply:
    request = _in_memory(request)
    stages.done("open")
    try:
        found = probe(request)
    except NoPictureError as no:
        return _reply(PictureFacts(no.status, no.code, format=no.format, kind=no.kind, pairing_id=no.pairing_id))
    finally:
        stages.done("metadata")
    facts = header_facts(found)
    try:
        make_room(request, found)
        return _look(request, found, facts, stages)
    except LoneError:
        return lone()
    except DecodeError as error:
        detail = readable(error.message, DETAIL_CHARS)
        if error.code in SKIPPED_CODES:
            return _reply(replace(facts, status="skipped", code=error.code, detail=detail))
        return _reply(replace(facts, code=error.code, detail=detail, blake3=_blake3(request, found)))


def _in_memory(request: Request) -> Request:
    """The same file, read once for all who look at it, where it is small and called a picture."""
    if request.size > READ_WHOLE_BYTES or formats.suffix_kind(request.name) != "picture":
        return request
    data = request.file.read()
    if len(data) != request.size:  # it is being written: the supervisor will see that, too
        request.file.seek(0)
        return request
    return replace(request, file=io.BytesIO(data))


def _look(request: Request, found: Probe, facts: PictureFacts, stages: Stages) -> Reply:
    try:
        picture = decode(request.file, request.size, _decode_request(found), request.limits)
    finally:
        stages.done("decode")
    prints = fingerprint.fingerprint(picture.pixels, stages.done)
    hashes, damage = _frame_hashes(picture, found.metadata, request.limits.max_frames)
    stages.done("decode")
    whole, data = _blake3(request, found), _picture_digest(request, found)
    sample = digest.sampled(request.file, request.size) if found.format.kind == "raw" else None
    stages.done("digest")
    code = picture.partial or damage
    facts = replace(
        facts,
        status="partial" if code else "ok",
        code=code or ("decode.low-information" if prints.flat else None),
        width=picture.full_size[0],
        height=picture.full_size[1],
        frames=_frames(picture, found.metadata),
        frame_hashes=hashes,
        lossless=picture.lossless or found.metadata.lossless,
        flat=prints.flat,
        blake3=whole,
        picture_digest=data,
        route=picture.route,
        decoder=picture.decoder,
    )
    reply = _reply(facts, fingerprint.pack(prints))
    reply.fields["sample"] = sample.hex() if sample is not None else ""
    return reply


def _decode_request(found: Probe) -> DecodeRequest:
    metadata = found.metadata
    return DecodeRequest(
        format=found.format.name,
        edge=EDGE,
        orientation=metadata.orientation,
        previews=tuple((preview.offset, preview.length) for preview in metadata.previews),
        frames=found.format.animated,
        size=(metadata.width or 0, metadata.height or 0),
    )


def header_facts(found: Probe) -> PictureFacts:
    """What the headers tell of a picture that was not decoded (yet); its status is ``error`` until then."""
    metadata = found.metadata
    turned = metadata.orientation >= 5
    return PictureFacts(
        status="error",
        format=found.format.name,
        kind=found.format.kind,
        width=metadata.height if turned else metadata.width,
        height=metadata.width if turned else metadata.height,
        orientation=1 if found.format.name in TURNED_BY_CODEC else metadata.declared_orientation,
        frames=metadata.pages,
        taken=metadata.taken,
        taken_fraction=metadata.taken_fraction[:FRACTION_DIGITS],
        make=readable(metadata.make, TEXT_CHARS),
        model=readable(metadata.model, TEXT_CHARS),
        serial=readable(metadata.serial, TEXT_CHARS),
        exposure=readable(metadata.exposure, TEXT_CHARS),
        gps=bool(metadata.gps),
        rating=metadata.rating,
        keywords=metadata.keywords,
        lossless=metadata.lossless,
        quantisation=metadata.quantisation,
        profile=metadata.profile,
        lens=readable(metadata.lens, TEXT_CHARS),
        software=readable(metadata.software, TEXT_CHARS),
        bit_depth=metadata.bit_depth,
        profile_name=readable(metadata.profile_name, TEXT_CHARS),
        zone=metadata.zone,
        pairing_id=readable(metadata.pairing_id, TEXT_CHARS),
        white_balance=metadata.white_balance,
    )


def _frames(picture: Picture, metadata: Metadata) -> int:
    return metadata.pages or picture.frames


def _frame_hashes(picture: Picture, metadata: Metadata, most: int) -> tuple[bytes, str | None]:
    """Hashes of the sampled frames, and what is wrong with a film whose later frames cannot be read."""
    if picture.frame_pixels is None or _frames(picture, metadata) < 2:
        return b"", None
    hashes: list[bytes] = []
    try:
        for pixels in _at_most(picture.frame_pixels(), most):
            hashes.append(fingerprint.frame_hash(pixels))
    except DecodeError as error:
        return b"".join(hashes), error.code if error.code in ("decode.truncated", "decode.corrupt") else "decode.corrupt"
    return b"".join(hashes), None


def _at_most(frames: Iterator[NDArray[np.uint8]], most: int) -> Iterator[NDArray[np.uint8]]:
    for _, pixels in zip(range(most), frames, strict=False):
        yield pixels


def _blake3(request: Request, found: Probe) -> bytes | None:
    """RAW files are large and mostly not read: their digest is taken only where somebody needs it."""
    return digest.whole_file(request.file) if found.format.kind == "picture" else None


def _picture_digest(request: Request, found: Probe) -> bytes | None:
    if found.format.name not in DIGESTED:
        return None
    request.file.seek(0)
    return picture_digest(request.file, request.size, found.format.name)


def _reply(facts: PictureFacts, prints: bytes = b"") -> Reply:
    return Reply({"facts": facts.to_json()}, prints)

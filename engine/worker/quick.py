"""QUICK: from the headers of one file to its facts, and to prints of the small picture that a camera put beside the large one.

Neither the picture nor the file as a whole is read, so there is no digest and no word on damage behind the headers."""

from __future__ import annotations

from dataclasses import replace

from engine import fingerprint
from engine.decode import Thumbnail, ThumbnailRequest, decode_thumbnail
from engine.records import PictureFacts
from engine.worker.examine import header_facts
from engine.worker.loop import Reply, Request
from engine.worker.probe import NoPictureError, Probe, probe
from engine.worker.stages import Stages

ALWAYS_TELL_SIZE = ("jpeg", "png", "gif", "bmp", "webp", "tiff")
"""Formats whose headers hold the picture's size wherever there is a picture."""


def look_quickly(request: Request) -> Reply:
    """Header facts of any file; with prints when it holds a small picture that fits. Raises OSError and MemoryError."""
    stages = Stages()
    reply = _looked(request)
    stages.done("quick")
    reply.fields["ms"] = stages.told()
    return reply


def _looked(request: Request) -> Reply:
    try:
        found = probe(request)
    except NoPictureError as no:
        return _reply(PictureFacts(no.status, no.code, format=no.format, kind=no.kind))
    facts = header_facts(found)
    if found.format.name in ALWAYS_TELL_SIZE and found.pixels is None:
        return _reply(replace(facts, code="decode.corrupt", detail="the headers hold no size"))
    if (found.pixels or 0) > request.limits.max_pixels:
        return _reply(replace(facts, status="skipped", code="decode.too-large"))
    facts = replace(facts, status="ok")
    thumbnail = _thumbnail(request, found)
    prints = fingerprint.fingerprint(thumbnail.pixels) if thumbnail is not None else None
    if thumbnail is None or prints is None or prints.flat:  # a flat small picture says nothing of the large one
        return _reply(facts)
    return _reply(replace(facts, route=thumbnail.route), fingerprint.pack(prints))


def _thumbnail(request: Request, found: Probe) -> Thumbnail | None:
    """The small picture; none for a film, whose later frames it does not show."""
    metadata = found.metadata
    if metadata.pages != 1:
        return None
    small = metadata.thumbnail
    wanted = ThumbnailRequest(
        format=found.format.name,
        jpeg=(small.offset, small.length) if small is not None else None,
        item=metadata.heif_thumbnail,
        size=(metadata.width or 0, metadata.height or 0),
        orientation=metadata.orientation,
    )
    return decode_thumbnail(request.file, request.size, wanted, request.limits)


def _reply(facts: PictureFacts, prints: bytes = b"") -> Reply:
    return Reply({"facts": facts.to_json()}, prints)

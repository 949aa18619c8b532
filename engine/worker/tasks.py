"""Which function answers which kind of request."""

from __future__ import annotations

from collections.abc import Mapping

from engine.decode import verify_readable
from engine.errors import DecodeError
from engine.wire import Kind
from engine.worker import digest
from engine.worker.examine import examine
from engine.worker.loop import Handler, Reply, Request
from engine.worker.probe import LoneError, NoPictureError, lone, make_room, probe
from engine.worker.quick import look_quickly
from engine.worker.schemes import imgfprint_of
from engine.worker.screen import paint
from engine.worker.square import square_of


def digest_file(request: Request) -> Reply:
    """DIGEST: BLAKE3 of the whole file, whatever it holds."""
    return Reply({"digest": digest.whole_file(request.file).hex()})


def sample_file(request: Request) -> Reply:
    """SAMPLE: a digest of some of the bytes, whatever the file holds."""
    sample = digest.sampled(request.file, request.size)
    return Reply({"sample": sample.hex() if sample is not None else ""})


def check_file(request: Request) -> Reply:
    """CHECK: does the picture still open in full? Raises DecodeError when not; the digest of what was read otherwise."""
    try:
        found = probe(request)
        make_room(request, found)
    except NoPictureError as no:
        raise DecodeError("not a picture", code=no.code) from None
    except LoneError:
        return lone()
    verify_readable(request.file, request.size, found.format.name, request.limits)
    return Reply({"digest": digest.whole_file(request.file).hex()})


HANDLERS: Mapping[Kind, Handler] = {
    Kind.FINGERPRINT: examine,
    Kind.DIGEST: digest_file,
    Kind.CHECK: check_file,
    Kind.PIXELS: paint,
    Kind.QUICK: look_quickly,
    Kind.SAMPLE: sample_file,
    Kind.IMGFPRINT: imgfprint_of,
    Kind.SQUARE: square_of,
}

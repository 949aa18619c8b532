"""Checks of what a worker says. A worker runs codecs on hostile files: all of it is untrusted until it has passed here."""

from __future__ import annotations

import math

from engine import fingerprint, formats, imgfprint
from engine.config import Limits
from engine.jobs.canvas import Canvas
from engine.jobs.errand import FileJob, FileResult
from engine.jobs.statistics import STAGES
from engine.records import PictureFacts, StatFacts
from engine.wire import Kind, Message

DIGEST_BYTES = 32
SAMPLE_BYTES = 16
PROFILE_BYTES = 16
HASH_BYTES = 8
TEXT_CHARS = 1024
KINDS = ("picture", "raw", "movie", "sidecar", "other")
DAMAGED = ("decode.truncated", "decode.corrupt")
FAILED = (*DAMAGED, "decode.empty", "decode.memory", "read.io")
SKIPPED = ("scan.not-a-picture", "decode.unsupported", "decode.too-large")
CODES: dict[str, tuple[str | None, ...]] = {
    "ok": (None, "decode.low-information"),
    "partial": DAMAGED,
    "error": FAILED,
    "skipped": SKIPPED,
}


class WrongAnswerError(ValueError):
    """An answer that no sound worker gives."""


def failure_of(answer: Message) -> tuple[str, str] | None:
    """Code and detail when the worker could not do what was asked, else None. Raises WrongAnswerError."""
    if "failed" not in answer.fields:
        return None
    code, detail = answer.fields["failed"], answer.fields.get("detail", "")
    _require(code in FAILED or code in SKIPPED, "code of a failure")
    _require(isinstance(detail, str), "detail of a failure")
    return code, _text(detail)


def wants_to_be_alone(answer: Message) -> bool:
    """True when the file is so large that the worker asks for a turn of its own."""
    return answer.fields.get("lone") is True


def wants_kernels(answer: Message) -> bool:
    """True when the file goes by compiled loops, which this worker was started without."""
    return answer.fields.get("kernels") is True


def result_of(job: FileJob, answer: Message, stat: StatFacts, limits: Limits, canvas: Canvas | None) -> FileResult:
    """The result of an answer that is neither a failure nor a wish to be alone. Raises WrongAnswerError."""
    try:
        if job.kind is Kind.FINGERPRINT:
            return _fingerprint(job, answer, stat, limits)
        if job.kind is Kind.QUICK:
            return _quick(job, answer, stat, limits)
        if job.kind is Kind.IMGFPRINT:
            return _imgfprint(job, answer, stat)
        if job.kind is Kind.SQUARE:
            _require(len(answer.blob) == 3 * job.edge * job.edge, "number of pixels")
            return FileResult(job.token, job.kind, prints=answer.blob, stat=stat)
        _require(not answer.blob, "bytes nobody asked for")
        if job.kind is Kind.PIXELS and canvas is not None:
            return _pixels(job, answer, stat, limits, canvas)
        if job.kind is Kind.SAMPLE:
            return FileResult(job.token, job.kind, stat=stat, sample=_sample(answer.fields["sample"]))
        digest = bytes.fromhex(answer.fields["digest"])
        _require(len(digest) == DIGEST_BYTES, "digest")
        return FileResult(job.token, job.kind, digest=digest, stat=stat)
    except WrongAnswerError:
        raise
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise WrongAnswerError(f"{type(error).__name__}: {error}") from None


def _fingerprint(job: FileJob, answer: Message, stat: StatFacts, limits: Limits) -> FileResult:
    facts = PictureFacts.from_json(answer.fields["facts"])
    _check_facts(facts, limits)
    if facts.is_picture:
        prints = fingerprint.unpack(answer.blob)
        _require(prints.flat == facts.flat, "flatness")
    else:
        _require(not answer.blob, "prints of no picture")
    return FileResult(
        job.token,
        job.kind,
        facts,
        answer.blob,
        facts.blake3,
        stat=stat,
        code=facts.code,
        message=facts.detail,
        stages=_stages(answer.fields.get("ms", {})),
        sample=_sample(answer.fields.get("sample", "")),
    )


def _imgfprint(job: FileJob, answer: Message, stat: StatFacts) -> FileResult:
    imgfprint.unpack(answer.blob)
    digest = bytes.fromhex(answer.fields["digest"])
    _require(len(digest) == DIGEST_BYTES, "digest")
    return FileResult(job.token, job.kind, prints=answer.blob, digest=digest, stat=stat)


def _sample(told: str) -> bytes | None:
    sample = bytes.fromhex(told)
    _require(len(sample) in (0, SAMPLE_BYTES), "sample")
    return sample or None


def _stages(ms: object) -> dict[str, float]:
    if not isinstance(ms, dict) or not set(ms) <= set(STAGES):
        raise WrongAnswerError("names of stages")
    for value in ms.values():
        _require(isinstance(value, float | int) and not isinstance(value, bool) and 0 <= value < math.inf, "time of a stage")
    return ms


def _quick(job: FileJob, answer: Message, stat: StatFacts, limits: Limits) -> FileResult:
    """Nothing was read whole and no picture decoded: an answer that says otherwise is a lie. Prints only of one sound picture."""
    facts = PictureFacts.from_json(answer.fields["facts"])
    _check_facts(facts, limits, sized=bool(answer.blob))
    _require(facts.status != "partial" and (facts.status != "ok" or facts.code is None), "word on what was not decoded")
    _require(facts.blake3 is None and facts.picture_digest is None, "digest that nobody took")
    _require(not facts.frame_hashes and not facts.flat and not facts.decoder, "facts of a decoded picture")
    if answer.blob:
        _require(facts.is_picture and facts.frames == 1, "small picture of no picture")
        _require(not fingerprint.unpack(answer.blob).flat, "flatness")
    told = _stages(answer.fields.get("ms", {}))
    return FileResult(job.token, job.kind, facts, answer.blob, stat=stat, code=facts.code, message=facts.detail, stages=told)


def _check_facts(facts: PictureFacts, limits: Limits, *, sized: bool = True) -> None:
    """sized: a picture has a size and a number of frames; headers alone do not always tell."""
    _require(facts.status in CODES and facts.code in CODES[facts.status], "status and code")
    _require(facts.kind in KINDS, "kind")
    _require(facts.format is None or facts.format in formats.FORMATS, "format")
    _require(1 <= facts.orientation <= 8, "orientation")
    for size in (facts.width, facts.height, facts.frames):
        _require(size is None or 1 <= size < 1 << 31, "size or number of frames")
    if facts.is_picture:
        _require(facts.kind in ("picture", "raw") and facts.format is not None, "kind of a picture")
        _require(not sized or None not in (facts.width, facts.height, facts.frames), "picture without size")
        _require((facts.width or 0) * (facts.height or 0) <= limits.max_pixels, "number of pixels")
    _require(len(facts.frame_hashes) % HASH_BYTES == 0, "frame hashes")
    _require(len(facts.frame_hashes) <= HASH_BYTES * limits.max_frames, "number of frame hashes")
    _require(facts.blake3 is None or len(facts.blake3) == DIGEST_BYTES, "digest")
    _require(facts.picture_digest is None or len(facts.picture_digest) == DIGEST_BYTES, "picture digest")
    _require(len(facts.profile) in (0, PROFILE_BYTES), "profile")
    _require(abs(facts.rating or 0) < 1 << 31 and 0 <= facts.keywords < 1 << 31, "rating or keywords")
    _require(0 <= (facts.quantisation or 0) < 1 << 31, "quantisation")
    for text in (facts.taken or "", facts.taken_fraction, facts.make, facts.model, facts.serial):
        _text(text)
    for text in (facts.exposure, facts.route, facts.decoder, facts.detail, facts.lens, facts.software, facts.profile_name):
        _text(text)
    for text in (facts.zone, facts.pairing_id, facts.white_balance):
        _text(text)
    _require(facts.bit_depth is None or 1 <= facts.bit_depth <= 1024, "bit depth")


def _pixels(job: FileJob, answer: Message, stat: StatFacts, limits: Limits, canvas: Canvas) -> FileResult:
    width, height = _whole(answer.fields["width"]), _whole(answer.fields["height"])
    full = answer.fields["full"]
    _require(isinstance(full, list) and len(full) == 2, "full size")
    full_size = (_whole(full[0]), _whole(full[1]))
    _require(full_size[0] * full_size[1] <= limits.max_pixels, "number of pixels")
    _require(job.edge == 0 or max(width, height) <= job.edge, "more than was asked for")
    preview = answer.fields["preview"]
    _require(isinstance(preview, bool), "word on a preview")
    pixels = canvas.take(width, height)
    return FileResult(job.token, job.kind, pixels=pixels, full_size=full_size, preview=preview, stat=stat)


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value < 1 << 31:
        raise WrongAnswerError("a length in px")
    return value


def _text(text: str) -> str:
    """The text, if it is of bearable length and survives UTF-8."""
    _require(len(text) <= TEXT_CHARS, "length of a text")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise WrongAnswerError("a text outside Unicode") from None
    return text


def _require(condition: bool, what: str) -> None:
    if not condition:
        raise WrongAnswerError(f"wrong {what}")

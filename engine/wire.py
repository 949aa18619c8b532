"""Frames between a supervisor and its worker, with the limits that both sides check. Nothing is pickled.

A frame is a header (magic, kind, request id, payload length, CRC-32 over the rest of the header and the payload) and a payload:
length of a JSON object, the object, then raw bytes. Descriptors travel beside the first byte of a request.
"""

from __future__ import annotations

import json
import os
import socket
import struct
import zlib
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, NoReturn

MAGIC = b"iFW1"
HEADER = struct.Struct("<4sB3xIII")
PREFIX = struct.Struct("<4sB3xII")  # the header without its checksum
JSON_LENGTH = struct.Struct("<I")
MAX_DESCRIPTORS = 2
PIXEL_BYTES = 4
"""Bytes a pixel of a picture for the screen: blue, green, red, 255. Such pictures travel in memory beside the frames."""

SQUARE_MOST = 512
"""Px a side of a SQUARE: its pixels have to fit into one answer."""

PIECE = 1 << 16


class Kind(IntEnum):
    """What is asked of a worker; MODEL and EMBED of the process that runs a model of the user's."""

    PING = 1
    FINGERPRINT = 2
    DIGEST = 3
    PIXELS = 4
    CHECK = 5
    QUICK = 6
    SAMPLE = 7
    IMGFPRINT = 8
    SQUARE = 9
    MODEL = 10
    EMBED = 11


class WireError(Exception):
    """What came is no frame of ours; whoever sent it cannot be trusted any further."""


@dataclass(frozen=True, slots=True)
class Message:
    """One request or answer. fields: a JSON object. blob: raw bytes behind it."""

    kind: Kind
    id: int
    fields: dict[str, Any] = field(default_factory=dict)
    blob: bytes = b""


def encode(message: Message, limit: int) -> bytes:
    """The frame of a message. limit: payload bytes at most; raises WireError above it or where the fields are no strict JSON."""
    try:
        text = json.dumps(message.fields, allow_nan=False, separators=(",", ":")).encode("ascii")
    except (TypeError, ValueError) as error:
        raise WireError(f"fields cannot be sent: {error}") from None
    payload = JSON_LENGTH.pack(len(text)) + text + message.blob
    if len(payload) > limit:
        raise WireError(f"a payload of {len(payload)} bytes is too long")
    prefix = PREFIX.pack(MAGIC, message.kind, message.id, len(payload))
    return prefix + struct.pack("<I", zlib.crc32(payload, zlib.crc32(prefix))) + payload


class FrameBuffer:
    """Collects the bytes of exactly one frame. limit: payload bytes at most."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._bytes = bytearray()

    def missing(self) -> int:
        """How many bytes are wanted before the next look: never beyond the end of the frame."""
        if len(self._bytes) < HEADER.size:
            return HEADER.size - len(self._bytes)
        return HEADER.size + self._header()[2] - len(self._bytes)

    def feed(self, data: bytes) -> Message | None:
        """Add what arrived; the message once it is whole, else None. Raises WireError at the first byte that cannot be right."""
        self._bytes += data
        if not MAGIC.startswith(self._bytes[: len(MAGIC)]) and self._bytes[: len(MAGIC)] != MAGIC:
            raise WireError("wrong magic")
        if len(self._bytes) < HEADER.size:
            return None
        kind, number, length, checksum = self._header()
        end = HEADER.size + length
        if len(self._bytes) < end:
            return None
        if len(self._bytes) > end:
            raise WireError("bytes behind the frame")
        payload = bytes(self._bytes[HEADER.size :])
        if zlib.crc32(payload, zlib.crc32(self._bytes[: PREFIX.size])) != checksum:
            raise WireError("wrong checksum")
        return _message(kind, number, payload)

    def _header(self) -> tuple[Kind, int, int, int]:
        _, untrusted_kind, number, length, checksum = HEADER.unpack_from(self._bytes)
        if length > self._limit or length < JSON_LENGTH.size:
            raise WireError(f"a payload of {length} bytes")
        try:
            return Kind(untrusted_kind), number, length, checksum
        except ValueError:
            raise WireError(f"kind {untrusted_kind}") from None


def _message(kind: Kind, number: int, payload: bytes) -> Message:
    (length,) = JSON_LENGTH.unpack_from(payload)
    start = JSON_LENGTH.size
    if length > len(payload) - start:
        raise WireError("fields longer than the payload")
    try:
        fields = json.loads(payload[start : start + length], parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise WireError(f"fields are no JSON: {type(error).__name__}") from None
    if not isinstance(fields, dict):
        raise WireError("fields are no object")
    return Message(kind, number, fields, payload[start + length :])


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def receive(sock: socket.socket, limit: int) -> tuple[Message, list[int]] | None:
    """The next message and its descriptors (the caller's to close), waiting as long as it takes; None at the end of the stream.

    Raises WireError for anything that is no frame, OSError from the socket; descriptors are closed then.
    """
    buffer, descriptors = FrameBuffer(limit), list[int]()
    try:
        while True:
            data, more, _, _ = socket.recv_fds(sock, min(PIECE, buffer.missing()), MAX_DESCRIPTORS, socket.MSG_CMSG_CLOEXEC)
            descriptors += more
            if not data:
                close_all(descriptors)
                return None
            message = buffer.feed(data)
            if message is not None:
                return message, descriptors
    except BaseException:
        close_all(descriptors)
        raise


def close_all(descriptors: list[int]) -> None:
    """Close what arrived beside a message."""
    for number in descriptors:
        os.close(number)
    descriptors.clear()

"""The worker's loop: one request, one answer, until the socket ends. It knows frames, limits and errors, but no codec."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, BinaryIO

from engine import wire
from engine.config import Limits
from engine.errors import DecodeError
from engine.wire import Kind, Message
from engine.worker import parent, streams, walls
from engine.worker.limits import Allowance

READ_AHEAD = 1 << 16
DETAIL_CHARS = 500


@dataclass(frozen=True, slots=True)
class Request:
    """What one handler sees.

    file: the user's file, at its beginning, read-only. size: its length in bytes. name: the last part of its name, raw.
    edge: longest side wanted in px, 0 for all. alone: no other file is in flight anywhere. canvas: descriptor to fill, or None.
    more: all fields of the request, for handlers that are told more.
    """

    file: BinaryIO
    size: int
    name: bytes
    edge: int
    alone: bool
    canvas: int | None
    limits: Limits
    allowance: Allowance
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a handler answers. fields: JSON object. blob: raw bytes."""

    fields: dict[str, Any]
    blob: bytes = b""


Handler = Callable[[Request], Reply]


def run(handlers: Mapping[Kind, Handler], preload: Callable[[str], dict[str, str]]) -> int:
    """Serve as a child process until the parent is gone. Returns the exit code.

    preload: imports everything that a request may need and returns versions; runs before the walls go up. It is told what the
    first request says of compiled loops.
    """
    sock = streams.claim_socket()
    if sock is None:
        print("This program is started by imgfp itself.", file=sys.stderr)
        return 2
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches the whole group; the parent decides
    parent.die_with_parent()
    first = wire.receive(sock, Limits().frame_payload)
    if first is None or first[0].kind is not Kind.PING:
        return 1
    versions = preload(str(first[0].fields.get("kernels", "ask")))
    limits = limits_of(first[0].fields)
    allowance = Allowance(limits)
    streams.silence()
    standing = walls.raise_walls(allowance)
    parent.watch(sock)
    hello = Reply({"walls": standing, "versions": versions})
    _send(sock, first[0], hello, limits)
    _serve(sock, handlers, hello, limits, allowance)
    return 0


def limits_of(untrusted: Mapping[str, Any]) -> Limits:
    """The limits a ping carries; unknown names are ignored, missing ones keep their default."""
    given = untrusted.get("limits", {})
    return Limits(**{f.name: given[f.name] for f in fields(Limits) if f.name in given})


def _serve(sock: socket.socket, handlers: Mapping[Kind, Handler], hello: Reply, limits: Limits, allowance: Allowance) -> None:
    while (arrived := wire.receive(sock, limits.frame_payload)) is not None:
        message, descriptors = arrived
        if message.kind is Kind.PING:
            wire.close_all(descriptors)
            _send(sock, message, hello, limits)
            continue
        try:
            reply = _answer(handlers[message.kind], message, descriptors, limits, allowance)
        finally:
            wire.close_all(descriptors)
        _send(sock, message, reply, limits)


def _send(sock: socket.socket, message: Message, reply: Reply, limits: Limits) -> None:
    sock.sendall(wire.encode(Message(message.kind, message.id, reply.fields, reply.blob), limits.frame_payload))


def _answer(handler: Handler, message: Message, descriptors: list[int], limits: Limits, allowance: Allowance) -> Reply:
    try:
        with contextlib.ExitStack() as stack:
            request = _request(message, descriptors, limits, allowance, stack)
            allowance.allow_cpu(request.size)
            allowance.allow_memory(0)
            return handler(request)
    except DecodeError as error:
        return failure(error.code, error.message)
    except MemoryError:
        return failure("decode.memory", "out of memory")
    except OSError as error:
        # The kernel's errors carry a number and no name here: nothing is opened by name. Codecs raise OSError for bad data.
        code = "read.io" if error.errno is not None and error.filename is None else "decode.corrupt"
        return failure(code, repr(error))
    except Exception as error:  # codecs raise anything at all for damaged files
        return failure("decode.corrupt", repr(error))
    finally:
        allowance.allow_memory(0)
        gc.collect(0)


def _request(
    message: Message, descriptors: list[int], limits: Limits, allowance: Allowance, stack: contextlib.ExitStack
) -> Request:
    file = open(descriptors[0], "rb", buffering=READ_AHEAD, closefd=False)  # noqa: SIM115 (the stack closes it)
    stack.enter_context(file)
    file.seek(0)  # an earlier worker may have read through the same description
    return Request(
        file=file,
        size=os.fstat(descriptors[0]).st_size,
        name=bytes.fromhex(message.fields["name"]),
        edge=message.fields["edge"],
        alone=message.fields["alone"],
        canvas=descriptors[1] if len(descriptors) > 1 else None,
        limits=limits,
        allowance=allowance,
        more=message.fields,
    )


def failure(code: str, detail: str) -> Reply:
    """The answer when a file gave nothing. detail: a technical sentence, cut to a bearable length."""
    return Reply({"failed": code, "detail": readable(detail, DETAIL_CHARS)})


def readable(text: str, length: int) -> str:
    """Text that survives UTF-8: lone surrogates replaced, no longer than `length` characters."""
    return text[:length].encode("utf-8", "replace").decode("utf-8")

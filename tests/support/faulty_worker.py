"""A worker program for tests only: the real loop and the real walls, with a decoder that does what the file's first word says.

``ok`` answers a picture. Everything else is a fault: see `FAULTS` and `LIES`. A second word ``once`` makes the fault happen in
the first worker only; that is remembered in the mapped file whose path is the argument. ``--broken`` as the first argument ends
the program before it is ready, ``--orphan`` as a further one leaves out the signal for a parent's death.
"""

from __future__ import annotations

import ctypes
import json
import mmap
import os
import re
import resource
import socket
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable

import numpy as np
from blake3 import blake3

from engine import fingerprint, wire
from engine.config import Limits
from engine.errors import DecodeError
from engine.records import PictureFacts
from engine.wire import Kind, Message
from engine.worker import loop, parent
from engine.worker.loop import Reply, Request

MIB = 1 << 20
NOISE = np.random.default_rng(1).integers(0, 256, (8, 8, 3), np.uint8).repeat(32, 0).repeat(32, 1)
_done: mmap.mmap  # one byte: whether a fault that happens once has happened
_lie = ""


def sound(request: Request, **more: object) -> Reply:
    """A picture of coarse noise, with the file's own digest; `more` travels in the facts' detail."""
    request.file.seek(0)
    data = request.file.read()
    prints = fingerprint.fingerprint(NOISE)
    facts = PictureFacts(
        "ok",
        format="jpeg",
        kind="picture",
        width=256,
        height=256,
        frames=1,
        blake3=blake3(data).digest(),
        detail=json.dumps(more),
    )
    return Reply({"facts": facts.to_json()}, fingerprint.pack(prints))


# ---------------------------------------------------------------------------------------------------- faulty decoders


def segfault(request: Request) -> Reply:
    ctypes.string_at(0)
    return sound(request)


def abort(request: Request) -> Reply:
    os.abort()


def spin(request: Request) -> Reply:
    while True:
        pass


def spin_in_c(request: Request) -> Reply:
    """Holds the interpreter lock for ever, as a C decoder may: no thread of Python's runs meanwhile."""
    re.match("(a+)+$", "a" * 64 + "b")
    return sound(request)


def sleep(request: Request) -> Reply:
    while True:
        time.sleep(3600)


def eat(request: Request) -> Reply:
    eaten = []
    while True:
        eaten.append(np.ones(16 * MIB, np.uint8))


def eat_by_c(request: Request) -> Reply:
    """As a codec that does not look whether it got memory."""
    libc = ctypes.CDLL(None)
    libc.malloc.restype = ctypes.c_void_p
    while True:
        ctypes.memset(libc.malloc(ctypes.c_size_t(64 * MIB)), 1, 64 * MIB)


def refuse(request: Request) -> Reply:
    raise DecodeError("cut short", code="decode.truncated")


def surprise(request: Request) -> Reply:
    raise ZeroDivisionError("a codec's own fault")


def bad_read(request: Request) -> Reply:
    raise OSError(5, "Input/output error")


def chatter(request: Request) -> Reply:
    """C libraries print."""
    os.write(1, b"libfoo: warning\n" * 1000)
    os.write(2, b"libfoo: error\n" * 1000)
    return sound(request)


def leak(request: Request) -> Reply:
    """Keeps memory for ever."""
    _kept.append(np.ones(400 * MIB, np.uint8))
    return sound(request, pid=os.getpid())


def who(request: Request) -> Reply:
    return sound(request, pid=os.getpid())


def lone(request: Request) -> Reply:
    return sound(request, alone=True) if request.alone else Reply({"lone": True})


def never_content(request: Request) -> Reply:
    return Reply({"lone": True})


def other_digest(request: Request) -> Reply:
    return Reply({"digest": "00"})


_kept: list[object] = []


# ------------------------------------------------------------------------------------------------------------- walls


def _outcome(attempt: Callable[[], object]) -> str:
    try:
        attempt()
    except BaseException as error:
        return type(error).__name__
    return "done"


def walls(request: Request) -> Reply:
    """Tries what no decoder may do; the file's second line names the test's folder."""
    request.file.seek(0)
    folder = os.fsdecode(request.file.read().splitlines()[1])
    own = request.file.fileno()
    attempts: dict[str, Callable[[], object]] = {
        "create": lambda: os.open(f"{folder}/new", os.O_WRONLY | os.O_CREAT, 0o600),
        "open": lambda: os.open(f"{folder}/walls.jpg", os.O_RDONLY),
        "open-own": lambda: os.open("/etc/passwd", os.O_RDONLY),
        "rename": lambda: os.rename(f"{folder}/walls.jpg", f"{folder}/moved"),
        "unlink": lambda: os.unlink(f"{folder}/walls.jpg"),
        "mkdir": lambda: os.mkdir(f"{folder}/new"),
        "link": lambda: os.link(f"{folder}/walls.jpg", f"{folder}/linked"),
        "chmod": lambda: os.fchmod(own, 0o777),
        "utime": lambda: os.utime(own, (0, 0)),
        "chmod-by-name": lambda: os.chmod(f"{folder}/walls.jpg", 0o777),
        "truncate": lambda: os.truncate(f"{folder}/walls.jpg", 0),
        "xattr": lambda: os.setxattr(own, "user.imgfp", b"x"),
        "tcp": lambda: socket.socket(socket.AF_INET),
        "unix": lambda: socket.socket(socket.AF_UNIX),
        "pair": socket.socketpair,
        "fork": os.fork,
        "spawn": lambda: subprocess.run([sys.executable, "-c", "pass"], check=True),
        "exec": lambda: os.execv(sys.executable, [sys.executable, "-c", "pass"]),
        "signal": lambda: os.kill(os.getppid(), 0),
        "memory-file": lambda: os.memfd_create("x"),
        "write": lambda: os.write(own, b"x"),
        "limits": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1, 1)),
        "many": lambda: [os.dup(own) for _ in range(64)],
    }
    return sound(request, **{name: _outcome(attempt) for name, attempt in attempts.items()})


def environment(request: Request) -> Reply:
    streams = [os.fstat(number).st_rdev for number in (0, 1, 2)]
    return sound(request, env=sorted(os.environ.items()), cwd=os.getcwd(), streams=streams, flags=sys.flags.isolated)


def threads(request: Request) -> Reply:
    """Codecs start threads: they must still be able to."""
    import threading

    seen: list[int] = []
    workers = [threading.Thread(target=lambda: seen.append(1)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return sound(request, threads=len(seen))


FAULTS: dict[str, Callable[[Request], Reply]] = {
    "ok": sound,
    "segfault": segfault,
    "abort": abort,
    "spin": spin,
    "spin-in-c": spin_in_c,
    "sleep": sleep,
    "eat": eat,
    "eat-by-c": eat_by_c,
    "refuse": refuse,
    "surprise": surprise,
    "bad-read": bad_read,
    "chatter": chatter,
    "leak": leak,
    "who": who,
    "lone": lone,
    "kernels": lambda request: sound(request, kernels=_kernels) if _kernels != "ask" else Reply({"kernels": True}),
    "always-kernels": lambda request: Reply({"kernels": True}),
    "never-content": never_content,
    "walls": walls,
    "environment": environment,
    "threads": threads,
}


# ---------------------------------------------------------------------------------------------------- lies on the wire


def _frame(message: Message, **changes: object) -> bytes:
    """The frame of a message, with parts of its header replaced and the checksum made right again."""
    payload = bytes(changes.get("payload", wire.encode(message, 1 << 24)[wire.HEADER.size :]))  # type: ignore[arg-type]
    magic, kind = changes.get("magic", wire.MAGIC), changes.get("kind", message.kind)
    prefix = wire.PREFIX.pack(magic, kind, changes.get("id", message.id), changes.get("length", len(payload)))
    return prefix + struct.pack("<I", zlib.crc32(payload, zlib.crc32(prefix))) + payload


def _facts(message: Message, **changes: object) -> bytes:
    fields = {"facts": {**message.fields["facts"], **changes}}
    return wire.encode(Message(message.kind, message.id, fields, message.blob), 1 << 24)


def _flipped(frame: bytes) -> bytes:
    return frame[:-1] + bytes([frame[-1] ^ 1])


LIES: dict[str, Callable[[Message], bytes]] = {
    "garbage": lambda m: bytes(range(256)) * 64,
    "silence-then-end": lambda m: b"",
    "short": lambda m: _frame(m)[:-10],
    "long": lambda m: _frame(m) + b"more",
    "twice": lambda m: _frame(m) * 2,
    "wrong-magic": lambda m: _frame(m, magic=b"iFW0"),
    "other-id": lambda m: _frame(m, id=m.id - 1),
    "other-kind": lambda m: _frame(m, kind=Kind.DIGEST),
    "no-kind": lambda m: _frame(m, kind=77),
    "bad-crc": lambda m: _flipped(_frame(m)),
    "huge-length": lambda m: _frame(m, length=1 << 30),
    "tiny-length": lambda m: _frame(m, length=3, payload=b"abc"),
    "huge": lambda m: _frame(m, payload=b"\0" * (8 << 20)),
    "no-json": lambda m: _frame(m, payload=b"\x04\0\0\0{{{{"),
    "nan": lambda m: _frame(m, payload=b"\x0b\0\0\0" + b'{"a":  NaN}'),
    "list": lambda m: _frame(m, payload=b"\x02\0\0\0[]"),
    "deep-json": lambda m: _frame(m, payload=struct.pack("<I", 200_000) + b"[" * 200_000),
    "json-overrun": lambda m: _frame(m, payload=b"\xff\xff\0\0{}"),
    "empty": lambda m: wire.encode(Message(m.kind, m.id), 1 << 20),
    "bad-status": lambda m: _facts(m, status="fine"),
    "bad-code": lambda m: _facts(m, code="decode.crashed"),
    "bad-kind": lambda m: _facts(m, kind="poem"),
    "bad-size": lambda m: _facts(m, width=0),
    "bad-size-type": lambda m: _facts(m, width="256"),
    "too-many-pixels": lambda m: _facts(m, width=1 << 30, height=1 << 30),
    "bad-digest": lambda m: _facts(m, blake3="00"),
    "bad-hashes": lambda m: _facts(m, frame_hashes="00"),
    "many-hashes": lambda m: _facts(m, frame_hashes="00" * 8 * 65),
    "bad-text": lambda m: _facts(m, make="\ud800"),
    "long-text": lambda m: _facts(m, make="x" * 100_000),
    "unknown-fact": lambda m: _facts(m, pickle="cos\nsystem"),
    "flatness": lambda m: _facts(m, flat=not m.fields["facts"]["flat"]),
    "facts-no-object": lambda m: wire.encode(Message(m.kind, m.id, {"facts": 3}), 1 << 20),
    "short-prints": lambda m: wire.encode(Message(m.kind, m.id, m.fields, m.blob[:-1]), 1 << 20),
    "long-prints": lambda m: wire.encode(Message(m.kind, m.id, m.fields, m.blob + b"\0"), 1 << 20),
    "prints-of-nothing": lambda m: _facts(m, status="error", code="decode.corrupt"),
    "bad-failure": lambda m: wire.encode(Message(m.kind, m.id, {"failed": "action.moved"}), 1 << 20),
    "failure-type": lambda m: wire.encode(Message(m.kind, m.id, {"failed": ["decode.corrupt"]}), 1 << 20),
}


def lie_or_send(sock: socket.socket, message: Message, reply: Reply, limits: Limits) -> None:
    """In place of the loop's own sending."""
    global _lie
    name, _lie = _lie, ""
    answer = Message(message.kind, message.id, reply.fields, reply.blob)
    try:
        sock.sendall(LIES[name](answer) if name else wire.encode(answer, limits.frame_payload))
    except OSError:
        os._exit(1)
    if name in ("silence-then-end", "short"):
        os._exit(0)


def obey(request: Request) -> Reply:
    """Do what the file says."""
    global _lie
    words = request.file.readline(200).decode("ascii", "replace").split()
    command, once = (words or ["ok"])[0], "once" in words
    if once and _done[0]:
        return sound(request)
    if once:
        _done[0] = 1
    if command in LIES:
        _lie = command
        return sound(request)
    return FAULTS[command](request)


def digest_with_faults(request: Request) -> Reply:
    """DIGEST: right, unless the file asks for a fault."""
    word = request.file.readline(200).split()[:1]
    if word == [b"bad-digest"]:
        return other_digest(request)
    if word and word[0].decode() in FAULTS and word[0] != b"ok":
        return FAULTS[word[0].decode()](request)
    request.file.seek(0)
    return Reply({"digest": blake3(request.file.read()).hexdigest()})


_held: list[mmap.mmap] = []


def look_with_faults(request: Request) -> Reply:
    """QUICK: header facts and nothing else, unless the file asks for a fault."""
    word = request.file.readline(200).split()[:1]
    if word and word[0] != b"ok":
        return FAULTS[word[0].decode()](request)
    facts = PictureFacts("ok", format="jpeg", kind="picture", width=64, height=64, frames=1)
    return Reply({"facts": facts.to_json()})


def paint_with_faults(request: Request) -> Reply:
    """PIXELS: two words, the width and height to fill and to claim; a third word changes the claim, or holds on to the memory."""
    words = request.file.readline(200).split()
    width, height = int(words[0]), int(words[1])
    claimed = int(words[2]) if words[2:] not in ([], [b"hold"]) else width
    assert request.canvas is not None
    canvas = mmap.mmap(request.canvas, width * height * 4)
    canvas[:] = b"\x01\x02\x03\xff" * (width * height)
    if words[2:] == [b"hold"]:
        _held.append(canvas)
    else:
        canvas.close()
    shrunk = _outcome(lambda: os.ftruncate(request.canvas or 0, 1))
    assert shrunk != "done"
    return Reply({"width": claimed, "height": height, "full": [width * 10, height * 10], "preview": False})


_kernels = ""


def told_of_kernels(kernels: str) -> dict[str, str]:
    """What the parent says of compiled loops is remembered; with ``--no-kernels`` a worker that is to bring them dies."""
    global _kernels
    _kernels = kernels
    if kernels == "load" and "--no-kernels" in sys.argv:
        os._exit(3)
    fingerprint.fingerprint(NOISE)  # what it is computed with lies in a file
    return {"faulty": kernels}


def main() -> int:
    """Serve like the shipped worker."""
    global _done
    if sys.argv[1:] == ["--broken"]:
        return 1
    if "--orphan" in sys.argv:
        parent.die_with_parent = lambda: False
    with open(sys.argv[1], "r+b") as file:
        _done = mmap.mmap(file.fileno(), 1)
    loop._send = lie_or_send
    handlers = {
        Kind.FINGERPRINT: obey,
        Kind.DIGEST: digest_with_faults,
        Kind.CHECK: digest_with_faults,
        Kind.PIXELS: paint_with_faults,
        Kind.QUICK: look_with_faults,
    }
    return loop.run(handlers, told_of_kernels)


if __name__ == "__main__":
    sys.exit(main())

"""The worker's standard streams: the socket moves to a private descriptor before any C library can print into it."""

from __future__ import annotations

import os
import socket
import stat


def claim_socket() -> socket.socket | None:
    """Take the socket from standard input, which then reads nothing. Standard output is no part of the conversation.

    Returns None, with nothing changed, where standard input is no socket.
    """
    try:
        if not stat.S_ISSOCK(os.fstat(0).st_mode):
            return None
    except OSError:
        return None
    sock = socket.socket(fileno=os.dup(0))
    sock.setblocking(True)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return sock


def silence() -> None:
    """Nobody hears what libraries print from now on: standard error goes where standard output goes, which the parent drops.

    Before this the parent keeps standard error: it tells why a worker does not start.
    """
    os.dup2(1, 2)

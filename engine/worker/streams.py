"""The worker's standard streams: the socket moves to a private descriptor before any C library can print into it."""

from __future__ import annotations

import os
import socket
import stat


def claim_socket() -> socket.socket | None:
    """Take the socket from standard input, which then reads nothing; standard output goes where standard error goes.

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
    os.dup2(2, 1)
    return sock


def silence() -> None:
    """From now on nobody hears what libraries print. Before, the parent keeps it: it tells why a worker does not start."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.close(nowhere)

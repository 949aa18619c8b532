"""A worker never outlives its parent: the kernel kills it, and a thread watches the socket where the kernel does not."""

from __future__ import annotations

import ctypes
import os
import select
import signal
import socket
import sys
import threading

PR_SET_PDEATHSIG = 1


def die_with_parent() -> bool:
    """Ask the kernel for SIGKILL when the thread that started us ends (it lives as long as its worker). False where it cannot.

    A parent that died before this call is noticed by the end of the socket.
    """
    if not sys.platform.startswith("linux"):
        return False
    before = os.getppid()
    done = bool(ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) == 0)
    if os.getppid() != before:
        os._exit(0)
    return done


def has_hung_up(descriptor: int) -> bool:
    """Whether nobody is at the other end any more."""
    poller = select.poll()
    poller.register(descriptor, getattr(select, "POLLRDHUP", 0) | select.POLLHUP)
    return bool(poller.poll(0))


def watch(sock: socket.socket) -> None:
    """Start the thread that ends the process when the other end of `sock` is closed, even in the middle of a file.

    It sleeps without a time limit, so that an idle worker uses no CPU time at all.
    """
    threading.Thread(target=_wait_for_end, args=(sock.fileno(),), name="parent", daemon=True).start()


def _wait_for_end(descriptor: int) -> None:
    poller = select.poll()
    poller.register(descriptor, getattr(select, "POLLRDHUP", 0) | select.POLLHUP)
    while not poller.poll():
        pass
    os._exit(0)

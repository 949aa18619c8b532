"""All walls around the codecs, put up once everything is imported and before the first file arrives.

Limits must stand or the worker refuses to serve; Landlock and the call filter depend on the kernel, and the answer to a ping
tells which of them stand.
"""

from __future__ import annotations

import ctypes
import os
import sys
import time

from engine.worker import landlock, seccomp
from engine.worker.limits import Allowance

PR_SET_NO_NEW_PRIVS = 38


def raise_walls(allowance: Allowance) -> dict[str, bool]:
    """Put every wall up; name to whether it stands. Call it with one thread running.

    Raises OSError or ValueError when a resource limit cannot be set: no file may be opened then.
    """
    time.localtime()  # reads the time zone's file, which cannot be opened later
    alone = _threads() == 1
    allowance.fix()
    linux = sys.platform.startswith("linux")
    private = linux and ctypes.CDLL(None, use_errno=True).prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
    return {
        "limits": True,
        "one-thread": alone,
        "no-new-privileges": private,
        "landlock": private and landlock.restrict(),
        "seccomp": private and seccomp.restrict(),
    }


def _threads() -> int:
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return 0

"""The kernel's Landlock wall: no path of the file system can be opened, made, renamed or removed by this process any more.

Descriptors that are open, or handed over later, keep working. Pure ctypes; kernels without it say so.
"""

from __future__ import annotations

import ctypes
import os

CREATE_RULESET, RESTRICT_SELF = 444, 446  # the same numbers on every architecture
CREATE_RULESET_VERSION = 1
FS_RIGHTS_BY_ABI = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}  # how many of the lowest bits this version knows
NET_RIGHTS, NET_SINCE = 0b11, 4  # bind and connect TCP
SCOPES, SCOPES_SINCE = 0b11, 6  # abstract Unix sockets and signals to outside


class _Ruleset(ctypes.Structure):
    _fields_ = (("fs", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


def restrict() -> bool:
    """Put the wall up for this thread and all it starts later. False where the kernel has no Landlock.

    Needs no_new_privs. Must be called while the process has one thread.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    abi = libc.syscall(CREATE_RULESET, None, 0, CREATE_RULESET_VERSION)
    if abi < 1:
        return False
    rules = _Ruleset(fs=(1 << FS_RIGHTS_BY_ABI[min(abi, max(FS_RIGHTS_BY_ABI))]) - 1)
    size = 8
    if abi >= NET_SINCE:
        rules.net, size = NET_RIGHTS, 16
    if abi >= SCOPES_SINCE:
        rules.scoped, size = SCOPES, 24
    descriptor = libc.syscall(CREATE_RULESET, ctypes.byref(rules), ctypes.c_size_t(size), 0)
    if descriptor < 0:
        return False
    try:
        return bool(libc.syscall(RESTRICT_SELF, descriptor, 0) == 0)
    finally:
        os.close(descriptor)

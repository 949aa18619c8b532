"""The kernel's system-call filter: no socket, no program, no process, no look into others, no change of any file's name or facts.

Threads stay possible, since codecs use them. Reading, writing and mapping open descriptors is untouched. Pure ctypes, x86-64 and
arm64; elsewhere, and where the kernel refuses, it says so.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct

SET_MODE_FILTER, SYNC_THREADS = 1, 1
ALLOW, FAIL, KILL_PROCESS = 0x7FFF0000, 0x00050000, 0x80000000
CLONE_THREAD = 0x00010000
X32_BIT = 0x40000000

ARCHES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
SECCOMP = {"x86_64": 317, "aarch64": 277}

# Name: (x86-64, arm64); None where the architecture has no such call.
REFUSED: dict[str, tuple[int | None, int | None]] = {
    # talking to others
    "socket": (41, 198), "socketpair": (53, 199), "connect": (42, 203), "bind": (49, 200), "listen": (50, 201),
    "accept": (43, 202), "accept4": (288, 242), "io_uring_setup": (425, 425), "mq_open": (240, 180), "shmget": (29, 194),
    # other programs and processes
    "execve": (59, 221), "execveat": (322, 281), "fork": (57, None), "vfork": (58, None), "ptrace": (101, 117),
    "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "pidfd_open": (434, 434), "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424), "tkill": (200, 130), "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240),
    "setpgid": (109, 154), "setsid": (112, 157), "unshare": (272, 97), "setns": (308, 268),
    # opening by name
    "open": (2, None), "openat": (257, 56), "openat2": (437, 437), "creat": (85, None), "open_by_handle_at": (304, 265),
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "inotify_init1": (294, 26), "fanotify_init": (300, 262),
    # names
    "rename": (82, None), "renameat": (264, 38), "renameat2": (316, 276), "link": (86, None), "linkat": (265, 37),
    "symlink": (88, None), "symlinkat": (266, 36), "unlink": (87, None), "unlinkat": (263, 35), "rmdir": (84, None),
    "mkdir": (83, None), "mkdirat": (258, 34), "mknod": (133, None), "mknodat": (259, 33), "chroot": (161, 51),
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "move_mount": (429, 429), "fsopen": (430, 430),
    # facts and lengths of files, also through a descriptor that may only read
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452), "chown": (92, None),
    "lchown": (94, None), "fchown": (93, 55), "fchownat": (260, 54), "utime": (132, None), "utimes": (235, None),
    "futimesat": (261, None), "utimensat": (280, 88), "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7),
    "removexattr": (197, 14), "lremovexattr": (198, 15), "fremovexattr": (199, 16), "truncate": (76, 45),
    "ftruncate": (77, 46), "fallocate": (285, 47),
    # the kernel itself
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282), "add_key": (248, 217),
    "request_key": (249, 218), "keyctl": (250, 219), "personality": (135, 92), "setuid": (105, 146), "setgid": (106, 144),
    "setresuid": (117, 147), "setresgid": (119, 149),
}  # fmt: skip
CLONE, CLONE3 = (56, 220), (435, 435)
OWN_PROCESS_ONLY = {"kill": (62, 129), "tgkill": (234, 131)}  # abort() and raise() end the worker itself
PRLIMIT = (302, 261)

_Step = tuple[int, int, int, int]  # code, jump if true, jump if false, value
LOAD, EQUAL, ANY_BIT, AT_LEAST, ANSWER = 0x20, 0x15, 0x45, 0x35, 0x06
NUMBER_AT, ARCH_AT, FIRST_ARGUMENT_AT = 0, 4, 16


def restrict() -> bool:
    """Put the filter up for all threads of this process. False where the system has none. Needs no_new_privs."""
    machine = platform.machine()
    if machine not in ARCHES:
        return False
    program = _program(machine, os.getpid())
    code = ctypes.create_string_buffer(b"".join(struct.pack("<HBBI", *step) for step in program))
    header = _Program(len(program), ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    return bool(libc.syscall(SECCOMP[machine], SET_MODE_FILTER, SYNC_THREADS, ctypes.byref(header)) == 0)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_void_p))


def _program(machine: str, own_pid: int) -> list[_Step]:
    column = 0 if machine == "x86_64" else 1
    steps: list[_Step] = [(LOAD, 0, 0, ARCH_AT), (EQUAL, 1, 0, ARCHES[machine]), (ANSWER, 0, 0, KILL_PROCESS)]
    steps.append((LOAD, 0, 0, NUMBER_AT))
    if machine == "x86_64":
        steps += [(AT_LEAST, 0, 1, X32_BIT), (ANSWER, 0, 0, FAIL | errno.EPERM)]
    for numbers in REFUSED.values():
        number = numbers[column]
        if number is not None:
            steps += [(EQUAL, 0, 1, number), (ANSWER, 0, 0, FAIL | errno.EACCES)]
    # ENOSYS makes the C library fall back on clone, whose flags a filter can read.
    steps += [(EQUAL, 0, 1, CLONE3[column]), (ANSWER, 0, 0, FAIL | errno.ENOSYS)]
    steps += _unless_argument(CLONE[column], ANY_BIT, CLONE_THREAD)
    for pair in OWN_PROCESS_ONLY.values():
        steps += _unless_argument(pair[column], EQUAL, own_pid)
    steps += _unless_argument(PRLIMIT[column], EQUAL, 0)  # 0 means this process
    return [*steps, (ANSWER, 0, 0, ALLOW)]


def _unless_argument(number: int, test: int, value: int) -> list[_Step]:
    """Steps that refuse a call unless its first argument (low half) passes the test."""
    return [
        (EQUAL, 0, 4, number),
        (LOAD, 0, 0, FIRST_ARGUMENT_AT),
        (test, 1, 0, value),
        (ANSWER, 0, 0, FAIL | errno.EPERM),
        (ANSWER, 0, 0, ALLOW),
    ]

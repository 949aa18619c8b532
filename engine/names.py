"""Path bytes as text and back: exact for JSON, readable and harmless for people. Paths are bytes everywhere else."""

from __future__ import annotations

import base64
import binascii
import os
import re
from collections.abc import Mapping

MAX_PATH_BYTES = 1 << 16
"""Longest path that is believed when it comes from a file; far above any that a system can open."""

# C0, DEL, C1, line and paragraph separators, and everything that turns the direction of text: shown as they are, these can
# move a terminal's cursor or make "gpj.exe" read as "exe.jpg".
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_SHORT = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}


def _escape(match: re.Match[str]) -> str:
    char = match.group()
    if char in _SHORT:
        return _SHORT[char]
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:  # an undecodable byte in Python's own disguise
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def display_text(name: bytes | str) -> str:
    """A name for terminal, log or window: one line, no control or direction characters, those become escapes.

    Not invertible: a name may hold a backslash of its own.
    """
    text = name.decode("utf-8", "surrogateescape") if isinstance(name, bytes) else name
    return _UNSAFE.sub(_escape, text)


def base_name(path: bytes) -> str:
    """Last component of `path`, as `display_text`."""
    return display_text(os.path.basename(path) or path)


def path_fields(path: bytes) -> tuple[str, str | None]:
    """The report's ``path`` and ``path_b64``: base64 of the exact bytes only when they are not valid UTF-8."""
    try:
        return path.decode("utf-8"), None
    except UnicodeDecodeError:
        return path.decode("utf-8", "backslashreplace"), base64.b64encode(path).decode("ascii")


def path_value(path: bytes) -> str | dict[str, str | None]:
    """A path inside a list: plain text where that is exact, else an object with ``path`` and ``path_b64``."""
    text, exact = path_fields(path)
    return text if exact is None else {"path": text, "path_b64": exact}


def path_of(fields: Mapping[str, object]) -> bytes:
    """Inverse of `path_fields` on an object with ``path`` and ``path_b64``; the latter wins where it is given.

    Raises ValueError for wrong types, bad base64, lone surrogates, NUL, or an absurd length. Says nothing about absolute or not.
    """
    text, exact = fields.get("path"), fields.get("path_b64")
    if not isinstance(text, str):
        raise ValueError("path is not text")
    if exact is None:
        path = text.encode("utf-8")  # UnicodeEncodeError is a ValueError
    elif isinstance(exact, str) and len(exact) <= 2 * MAX_PATH_BYTES:
        try:
            path = base64.b64decode(exact.encode("ascii"), validate=True)
        except (binascii.Error, UnicodeEncodeError) as error:
            raise ValueError("path_b64 is not base64") from error
    else:
        raise ValueError("path_b64 is neither text nor null")
    if not path or b"\0" in path or len(path) > MAX_PATH_BYTES:
        raise ValueError("path is empty, too long or holds a NUL")
    return path


def is_plain_absolute(path: bytes) -> bool:
    """True for an absolute path without ``.``, ``..`` or doubled slashes: the only kind that a walk ever makes."""
    return os.path.isabs(path) and os.path.normpath(path) == path and not path.startswith(b"//")

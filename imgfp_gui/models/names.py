"""Names of files and folders for the eye: one line, with whatever could turn or hide text written out. Exact paths stay bytes."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Mapping, Sequence
from typing import Any

# Control characters, line and paragraph separators, and everything that turns the direction of text: a name that holds them
# could read as another name. Undecodable bytes come as lone surrogates.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_SHORT = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}


def shown(text: bytes | str) -> str:
    """A name or path as it may be shown anywhere. Not invertible."""
    if isinstance(text, bytes):
        text = text.decode("utf-8", "surrogateescape")
    return _UNSAFE.sub(_escape, text)


def base(path: bytes) -> str:
    """The last component of a path, shown."""
    return shown(path.rpartition(b"/")[2] or path)


def folder(path: bytes) -> bytes:
    """The path of the folder that a file lies in."""
    return path.rpartition(b"/")[0] or b"/"


def short_path(path: bytes, depth: int = 2) -> str:
    """The last components of a folder's path, outermost first: ``Kyoto 2024 / Raw``."""
    parts = [part for part in path.split(b"/") if part]
    return " / ".join(shown(part) for part in parts[-depth:]) or "/"


def from_root(path: str, roots: Sequence[str]) -> str:
    """A folder of the library from the root it lies in: ``Kyoto 2024 / Export``; as it is when it lies in none."""
    for root in sorted(roots, key=len, reverse=True):
        above = root.rstrip("/")
        if path == above or path.startswith(f"{above}/"):
            return " / ".join([part for part in [above.rpartition("/")[2], *path[len(above) :].split("/")] if part]) or path
    return path


def tip(text: str) -> str:
    """A tooltip that shows `text` as it is: always marked as rich text, so that Qt never guesses."""
    return f"<span>{html.escape(text)}</span>"


def exact(fields: Mapping[str, Any], name: str = "path") -> bytes:
    """The raw path in an answer's ``path`` and ``path_b64``; empty when it holds none."""
    encoded, text = fields.get(f"{name}_b64"), fields.get(name)
    if isinstance(encoded, str):
        return base64.b64decode(encoded)
    return text.encode("utf-8", "surrogateescape") if isinstance(text, str) else b""


def _escape(match: re.Match[str]) -> str:
    char = match.group()
    code = ord(char)
    if char in _SHORT:
        return _SHORT[char]
    if 0xDC80 <= code <= 0xDCFF:  # an undecodable byte in Python's own disguise
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"

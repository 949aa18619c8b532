"""The name that a colour profile gives itself. Looks at the description tag only."""

from __future__ import annotations

from engine.metadata.texts import clean

_HEADER = 128
_MAX_TAGS = 256
_MAX_RECORDS = 256
_CODE_POINTS = {
    (1, 13): "sRGB",
    (12, 13): "Display P3",
    (9, 16): "BT.2100 PQ",
    (9, 18): "BT.2100 HLG",
    (12, 16): "Display P3 PQ",
    (9, 14): "BT.2020",
    (9, 1): "BT.2020",
    (1, 1): "BT.709",
}


def profile_name(profile: bytes) -> str:
    """``sRGB IEC61966-2.1`` ``Display P3`` …; "" for a profile without a readable description, or for anything else."""
    count = int.from_bytes(profile[_HEADER : _HEADER + 4], "big")
    if profile[36:40] != b"acsp":
        return ""
    for at in range(_HEADER + 4, _HEADER + 4 + 12 * min(count, _MAX_TAGS), 12):
        if profile[at : at + 4] == b"desc":
            start, length = int.from_bytes(profile[at + 4 : at + 8], "big"), int.from_bytes(profile[at + 8 : at + 12], "big")
            return _description(profile[start : start + length])
    return ""


def code_point_name(primaries: int, transfer: int) -> str:
    """Colours named by code points (ITU-T H.273), as HEIF, AVIF and PNG have them; "" for combinations without a usual name."""
    return _CODE_POINTS.get((primaries, transfer), "")


def _description(data: bytes) -> str:
    """Version 2 has ASCII with a length, version 4 texts by language, of which the English one or the first is taken."""
    if data[:4] == b"desc":
        length = int.from_bytes(data[8:12], "big")
        return clean(data[12 : 12 + min(length, 1024)].decode("latin-1"))
    if data[:4] != b"mluc":
        return ""
    count, width = int.from_bytes(data[8:12], "big"), int.from_bytes(data[12:16], "big")
    if width < 12:
        return ""
    records = [data[at : at + 12] for at in range(16, 16 + width * min(count, _MAX_RECORDS), width)]
    whole = [record for record in records if len(record) == 12]
    chosen = next((record for record in whole if record[:2] == b"en"), whole[0] if whole else bytes(12))
    length, start = int.from_bytes(chosen[4:8], "big"), int.from_bytes(chosen[8:12], "big")
    return clean(data[start : start + min(length, 1024)].decode("utf-16-be", "ignore"))

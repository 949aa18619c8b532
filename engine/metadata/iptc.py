"""The IPTC block that agencies and photo editors keep in Photoshop resources: keywords and the date of creation."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.metadata.texts import Moment, clean, decode, parse_moment

PHOTOSHOP_MARK = b"Photoshop 3.0\0"
_MAX_RESOURCES = 4096
_MAX_DATASETS = 20_000


@dataclass(frozen=True, slots=True)
class IptcFacts:
    """Keywords and, where both its date and time stand there, the moment of creation."""

    keywords: frozenset[str] = frozenset()
    taken: Moment | None = None


def read_photoshop(data: bytes) -> IptcFacts:
    """Facts of the IPTC resource (0x0404) among Photoshop image resources."""
    at = 0
    for _ in range(_MAX_RESOURCES):
        if data[at : at + 4] not in (b"8BIM", b"MeSa", b"PHUT", b"AgHg", b"DCSR") or at + 12 > len(data):
            break
        kind = int.from_bytes(data[at + 4 : at + 6], "big")
        name = data[at + 6] + 1
        at += 6 + name + (name & 1)
        length = int.from_bytes(data[at : at + 4], "big")
        if kind == 0x0404:
            return read_iptc(data[at + 4 : at + 4 + length])
        at += 4 + length + (length & 1)
    return IptcFacts()


def read_iptc(data: bytes) -> IptcFacts:
    """Facts of a run of IPTC datasets."""
    keywords: set[str] = set()
    date = time = ""
    at = 0
    for _ in range(_MAX_DATASETS):
        if at + 5 > len(data) or data[at] != 0x1C:
            break
        record, kind, length = data[at + 1], data[at + 2], int.from_bytes(data[at + 3 : at + 5], "big")
        at += 5
        if length & 0x8000:  # extended: the length's own length
            size = length & 0x7FFF
            length = int.from_bytes(data[at : at + size], "big") if size <= 4 else len(data)
            at += min(size, 4)
        value = data[at : at + length]
        at += length
        if (record, kind) == (2, 25):
            keywords.add(clean(decode(value[:1024])))
        elif (record, kind) == (2, 55):
            date = date or clean(decode(value[:64]))
        elif (record, kind) == (2, 60):
            time = time or clean(decode(value[:64]))
    return IptcFacts(frozenset(keywords - {""}), _moment(date, time))


def _moment(date: str, time: str) -> Moment | None:
    """``CCYYMMDD`` and ``HHMMSS±HHMM``; None unless both stand there."""
    day = re.fullmatch(r"(\d{4})(\d{2})(\d{2})", date, re.ASCII)
    hour = re.fullmatch(r"(\d{2})(\d{2})(\d{2})([+-]\d{4})?", time, re.ASCII)
    if not day or not hour:
        return None
    return parse_moment("{}-{}-{} {}:{}:{}".format(*day.groups(), *hour.groups()[:3]), zone=hour[4] or "")

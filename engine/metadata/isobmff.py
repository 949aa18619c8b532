"""HEIF, AVIF, Canon CR3 and QuickTime/MP4 films: pictures, turns, profiles, EXIF and dates from their boxes."""

from __future__ import annotations

import struct

from engine.config import Limits
from engine.metadata.boxes import Box, BoxReader
from engine.metadata.draft import Draft, short_digest
from engine.metadata.exif import read_exif
from engine.metadata.heif_items import ItemTable
from engine.metadata.icc import code_point_name
from engine.metadata.ranges import Memory, Source
from engine.metadata.texts import Moment, clean, decode, moment_since, parse_moment
from engine.metadata.tiff import TiffTree
from engine.metadata.xmp import read_xmp

SEQUENCE_BRANDS = {b"avis", b"msf1", b"hevc", b"hevx", b"hevs", b"hevm"}
_SRGB_NCLX = {(1, 13), (1, 1), (1, 2), (2, 13), (2, 2)}  # primaries, transfer: sRGB, or not said
_BEHIND = {b"mpvd", b"sefd"}  # a film, a maker's data


def gather_heif(source: Source, limits: Limits, draft: Draft) -> None:
    """Fill `draft` from a HEIF or AVIF file. The codec applies the container's turns, so none is left."""
    draft.turned = True
    reader = BoxReader(source)
    major, table, moov = b"", None, None
    for box in reader.boxes(0, source.size):
        if box.kind == b"ftyp":
            major = reader.data(box, 4)
        elif box.kind == b"meta" and table is None:
            table = ItemTable(reader, box)
            _gather_items(table, limits, draft)
        elif box.kind == b"moov" and moov is None:
            moov = box
        elif box.kind in _BEHIND:
            draft.trailing += box.size + 8
    if moov is not None and (major in SEQUENCE_BRANDS or table is None):
        _gather_sequence(reader, moov, draft)


def _gather_items(table: ItemTable, limits: Limits, draft: Draft) -> None:
    draft.pages = table.pictures()
    draft.heif_thumbnail = table.thumbnail()
    _gather_primary(table, limits, draft)
    told = [(number, item) for number, item in table.items.items() if item.kind in (b"Exif", b"mime")]
    for number, item in sorted(told, key=lambda entry: not table.describes_primary(entry[0])):
        if item.kind == b"Exif" and not draft.exif:
            _exif_item(table.content(number, limits.text_block), limits, draft)
        elif item.kind == b"mime" and item.content == b"application/rdf+xml" and not draft.xmp:
            draft.xmp.append(read_xmp(table.content(number, limits.text_block)))


def _gather_primary(table: ItemTable, limits: Limits, draft: Draft) -> None:
    """Size after crop and turn, and the profile, of the primary item."""
    width = height = 0
    for box in table.properties(table.primary):
        if box.kind == b"ispe":
            data = table.property_data(box)
            width, height = int.from_bytes(data[4:8], "big"), int.from_bytes(data[8:12], "big")
        elif box.kind == b"clap":
            width, height = _cropped(table.property_data(box), width, height)
        elif box.kind == b"irot" and table.property_data(box)[:1] and table.property_data(box)[0] & 1:
            width, height = height, width
        elif box.kind == b"colr":
            _colour(table.property_data(box, limits.icc_bytes), draft)
    draft.size(width, height)
    draft.bit_depth = next((d for n in (table.primary, table.first_part(table.primary)) if (d := table.bit_depth(n))), None)
    if not draft.profile:  # phones hang it on the tiles of a grid only
        for box in table.properties(table.first_part(table.primary)):
            if box.kind == b"colr":
                _colour(table.property_data(box, limits.icc_bytes), draft)


def _cropped(data: bytes, width: int, height: int) -> tuple[int, int]:
    """The clean aperture's size, when it is one."""
    if len(data) < 16:
        return width, height
    wn, wd, hn, hd = struct.unpack_from(">IIII", data)
    if not wd or not hd or not 0 < wn // wd <= width or not 0 < hn // hd <= height:
        return width, height
    return wn // wd, hn // hd


def _colour(data: bytes, draft: Draft) -> None:
    """An ICC profile wins over code points."""
    if data[:4] in (b"prof", b"rICC"):
        draft.colour_profile(data[4:])
    elif data[:4] == b"nclx" and len(data) >= 10 and not draft.profile:
        points = int.from_bytes(data[4:6], "big"), int.from_bytes(data[6:8], "big")
        if points not in _SRGB_NCLX:
            draft.profile = short_digest(b"nclx%d,%d" % points)
        draft.profile_name = code_point_name(*points)


def _exif_item(data: bytes, limits: Limits, draft: Draft) -> None:
    """Four bytes say where the TIFF header is; some phones are wrong about it, so it is looked for near the start."""
    declared = 4 + int.from_bytes(data[:4], "big")
    marks = [declared, *(i for mark in (b"II*\0", b"MM\0*") if (i := data[:256].find(mark)) >= 0)]
    at = next((i for i in marks if data[i : i + 4] in (b"II*\0", b"MM\0*")), None)
    if at is not None:
        tree = TiffTree(Memory(data[at:]), limits)
        draft.exif.append(read_exif(tree, tree.ifd(tree.first)))


def _gather_sequence(reader: BoxReader, moov: Box, draft: Draft) -> None:
    """Frames of the picture track (alpha and depth tracks have another handler), and the film's own date."""
    samples = 0
    for track in (box for box in reader.inside(moov) if box.kind == b"trak"):
        media = reader.find(track, b"mdia")
        if media is None or reader.data(reader.find(media, b"hdlr"), 12)[8:12] not in (b"pict", b"vide"):
            continue
        table = reader.find(media, b"minf", b"stbl")
        if table is None:
            continue
        samples = max(samples, int.from_bytes(reader.data(reader.find(table, b"stsz"), 12)[8:12], "big"))
        entry = reader.data(reader.find(table, b"stsd"), 8 + 36)
        if draft.width is None and len(entry) == 44:
            draft.size(*struct.unpack_from(">HH", entry, 8 + 32))
    if samples:
        draft.pages = samples if samples <= reader.source.size else None
    draft.created = _movie_header_date(reader, moov)


def gather_movie(source: Source, limits: Limits, draft: Draft) -> None:
    """Fill `draft` from a film: when and with what it was taken."""
    draft.pages = None
    reader = BoxReader(source)
    moov = next((box for box in reader.boxes(0, source.size) if box.kind == b"moov"), None)
    if moov is None:
        return
    known = _quicktime_metadata(reader, moov)
    packet = reader.find(moov, b"udta", b"XMP_")
    if packet is not None:
        draft.xmp.append(read_xmp(reader.data(packet, limits.text_block)))
    draft.make, draft.model = (clean(known.get(b"com.apple.quicktime." + key, "")) for key in (b"make", b"model"))
    draft.software = clean(known.get(b"com.apple.quicktime.software", ""))
    draft.pairing_id = clean(known.get(b"com.apple.quicktime.content.identifier", ""))
    draft.created = parse_moment(known.get(b"com.apple.quicktime.creationdate", "")) or _movie_header_date(reader, moov)


def _movie_header_date(reader: BoxReader, moov: Box) -> Moment | None:
    """``mvhd``: seconds since 1904."""
    data = reader.data(next((box for box in reader.inside(moov) if box.kind == b"mvhd"), None), 20)
    if len(data) < 20:
        return None
    return moment_since(1904, int.from_bytes(data[4:12] if data[0] == 1 else data[4:8], "big"))


def _quicktime_metadata(reader: BoxReader, moov: Box) -> dict[bytes, str]:
    """Keys and texts of the ``meta`` box of a film, in Apple's form (no version) or ISO's."""
    meta = reader.find(moov, b"meta")
    if meta is None:
        return {}
    skip = 0 if reader.source.at(meta.start + 4, 4) == b"hdlr" else 4
    children = {box.kind: box for box in reader.inside(meta, skip)}
    keys = [reader.data(box, 256) for box in reader.inside(children[b"keys"], 8)] if b"keys" in children else []
    found: dict[bytes, str] = {}
    for entry in reader.inside(children[b"ilst"]) if b"ilst" in children else ():
        index = int.from_bytes(entry.kind, "big") - 1
        value = reader.data(reader.find(entry, b"data"), 1024)
        if 0 <= index < len(keys) and len(value) > 8:
            found.setdefault(keys[index], decode(value[8:]))
    return found

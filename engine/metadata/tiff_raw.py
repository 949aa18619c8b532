"""TIFF files and the RAW formats built on TIFF: size, pages, profile, and the JPEG previews that cameras embed."""

from __future__ import annotations

from collections.abc import Iterator

from engine.config import Limits
from engine.formats import FORMATS, RAW
from engine.metadata.draft import Draft
from engine.metadata.exif import EXIF_IFD, ICC, IPTC, PHOTOSHOP, XMP, read_exif
from engine.metadata.facts import Preview
from engine.metadata.iptc import read_iptc, read_photoshop
from engine.metadata.jpeg import gather_jpeg, read_preview
from engine.metadata.maker_previews import maker_ranges
from engine.metadata.ranges import Part, Source
from engine.metadata.tiff import Ifd, TiffTree
from engine.metadata.xmp import read_xmp

_SUB_IFDS = 0x014A
_SENSOR = {32803, 34892}  # colour filter array, LinearRaw
_LOSSY = {6, 7, 33003, 33005, 34892, 50001, 50002, 52546}  # JPEG, JPEG 2000, WebP, JPEG XL
MAX_PREVIEWS = 64


def gather_tiff(source: Source, limits: Limits, draft: Draft) -> None:
    """Fill `draft` from a plain TIFF."""
    tree = TiffTree(source, limits)
    pages = 0
    for index, ifd in enumerate(tree.chain()):
        if index == 0:
            _gather_main(tree, ifd, limits, draft)
            draft.size(tree.number(ifd, 0x0100), tree.number(ifd, 0x0101))
            draft.lossless = tree.number(ifd, 0x0103) not in _LOSSY
            draft.bit_depth = max(tree.ints(ifd, 0x0102), default=1)
        pages += _is_page(tree, ifd)
    draft.pages = max(1, pages)


def _is_page(tree: TiffTree, ifd: Ifd) -> bool:
    """Not a reduced-resolution picture, mask or depth map (only "page of several" may be set), and a picture at all."""
    kind = tree.number(ifd, 0x00FE) or 0
    return kind & ~2 == 0 and tree.number(ifd, 0x00FF) != 2 and 0x0100 in ifd.rows and 0x0101 in ifd.rows


def _gather_main(tree: TiffTree, ifd: Ifd, limits: Limits, draft: Draft) -> None:
    """What the first directory says of the whole file."""
    draft.exif.append(read_exif(tree, ifd))
    packet = tree.raw(ifd, XMP, limits.text_block)
    if packet:
        draft.xmp.append(read_xmp(packet))
    resources, iptc = tree.raw(ifd, PHOTOSHOP, limits.text_block), tree.raw(ifd, IPTC, limits.text_block)
    draft.iptc = read_iptc(iptc) if iptc else read_photoshop(resources)
    draft.colour_profile(tree.raw(ifd, ICC, limits.icc_bytes))


def gather_tiff_raw(source: Source, limits: Limits, draft: Draft) -> None:
    """Fill `draft` from a RAW that is a TIFF: orientation and camera from the first directory, size from the sensor's."""
    tree = TiffTree(source, limits)
    draft.lossless = True
    found: list[Ifd] = []
    ranges: list[tuple[int, int]] = []
    exif: Ifd | None = None
    for index, ifd in enumerate(_all_directories(tree)):
        found.append(ifd)
        if index == 0:
            exif = _gather_raw_main(tree, ifd, limits, draft)
        ranges.extend(_jpeg_ranges(tree, ifd))
        if index == 0 and (embedded := _panasonic(ifd)) is not None:
            _ask_preview(source, Preview(*embedded), limits, draft)
    _sensor_size(tree, found, draft)
    draft.profile = b""  # of a rendering, if at all: a RAW has none
    if found:
        ranges.extend(maker_ranges(source, tree, exif, limits))
    add_previews(source, ranges, limits, draft)


def _gather_raw_main(tree: TiffTree, ifd: Ifd, limits: Limits, draft: Draft) -> Ifd | None:
    """Like `_gather_main`; keeps the EXIF directory for the maker note. Panasonic puts another XMP and more elsewhere."""
    exif = next(tree.children(ifd, EXIF_IFD, 1), None)
    draft.exif.append(read_exif(tree, ifd, exif))
    packet = tree.raw(ifd, XMP, limits.text_block)
    if packet:
        draft.xmp.append(read_xmp(packet))
    return exif


def _all_directories(tree: TiffTree) -> Iterator[Ifd]:
    """The main directories and the sub-directories of each, first level by level."""
    for ifd in tree.chain():
        yield ifd
        for child in tree.children(ifd, _SUB_IFDS):
            yield child
            yield from tree.children(child, _SUB_IFDS, 8)


def _jpeg_ranges(tree: TiffTree, ifd: Ifd) -> list[tuple[int, int]]:
    """Where this directory may hold a JPEG: by its own tags, as a single strip or tile, or as Panasonic's embedded one."""
    ranges = []
    for offset_tag, length_tag in ((0x0201, 0x0202), (0x0111, 0x0117), (0x0144, 0x0145)):
        offset, length = tree.ints(ifd, offset_tag, 2), tree.ints(ifd, length_tag, 2)
        if len(offset) == 1 and len(length) == 1:
            ranges.append((offset[0], length[0]))
    embedded = _panasonic(ifd)
    return [*ranges, embedded] if embedded else ranges


def _panasonic(ifd: Ifd) -> tuple[int, int] | None:
    """Where Panasonic's RAW holds a whole JPEG, whose EXIF says what the RAW's own directory does not."""
    entry = ifd.entry(0x002E)
    return (entry.at, entry.length) if entry is not None and entry.kind == 7 else None


def _sensor_size(tree: TiffTree, found: list[Ifd], draft: Draft) -> None:
    """The largest directory with sensor data, else EXIF's claim, else the largest; DNG's crop and Panasonic's borders count."""
    sizes: list[tuple[bool, int, int, int]] = []
    for ifd in found:
        width, height = tree.number(ifd, 0x0100) or 0, tree.number(ifd, 0x0101) or 0
        crop = [value for value in tree.reals(ifd, 0xC620, 2) if value]
        if len(crop) == 2 and 16 <= crop[0] <= width and 16 <= crop[1] <= height:
            width, height = int(crop[0]), int(crop[1])
        top, left, bottom, right = ((tree.number(ifd, tag) or 0) for tag in (4, 5, 6, 7))
        if not width and 0 <= left < right and 0 <= top < bottom:
            width, height = right - left, bottom - top
        sizes.append((tree.number(ifd, 0x0106) in _SENSOR, width, height, max(tree.ints(ifd, 0x0102), default=0)))
    if not sizes:
        return
    sensor, width, height, depth = max(sizes, key=lambda size: (size[0], size[1] * size[2]))
    claim = draft.exif[0] if draft.exif else None
    if not sensor and claim and (claim.width or 0) * (claim.height or 0) > width * height // 2:
        width, height = claim.width or 0, claim.height or 0
    draft.size(width, height)
    draft.bit_depth = depth if sensor else tree.number(found[0], 0x000A)  # Panasonic has a tag of its own


def add_previews(source: Source, ranges: list[tuple[int, int]], limits: Limits, draft: Draft) -> None:
    """Check each range and keep those that are previews; where the RAW's own tags are silent, a preview's EXIF speaks."""
    seen: set[int] = set()
    for offset, length in ranges[:MAX_PREVIEWS]:
        preview = read_preview(source, offset, length) if offset not in seen else None
        if preview is not None:
            seen.add(offset)
            draft.previews.append(preview)
    if draft.previews and not any(facts.taken and facts.model for facts in draft.exif):
        for preview in sorted(draft.previews, key=lambda each: -each.length)[:3]:
            _ask_preview(source, preview, limits, draft)


def _ask_preview(source: Source, preview: Preview, limits: Limits, draft: Draft) -> None:
    inside = Draft()
    gather_jpeg(Part(source, preview.offset, preview.length), limits, inside)
    draft.exif.extend(inside.exif)
    draft.xmp.extend(inside.xmp)
    if inside.thumbnail:
        small = read_preview(source, preview.offset + inside.thumbnail.offset, inside.thumbnail.length)
        draft.previews.extend([small] if small else [])


TIFF_RAWS = frozenset(name for name, entry in FORMATS.items() if entry.kind == RAW) - {"cr3", "crw", "raf", "mrw", "x3f"}
"""Names of the RAW formats that are TIFF inside."""

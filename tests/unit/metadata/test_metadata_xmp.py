"""XMP packets and sidecars."""

from __future__ import annotations

import pytest

from engine.metadata.xmp import read_xmp

from .files import facts, xmp_packet


def test_properties_as_attributes_and_as_elements_are_the_same() -> None:
    attributes = xmp_packet('tiff:Orientation="6" xmp:Rating="4" tiff:Make="Canon" aux:SerialNumber="12"')
    elements = xmp_packet(
        "",
        "<tiff:Orientation>6</tiff:Orientation><xmp:Rating>4</xmp:Rating><tiff:Make>\n Canon </tiff:Make>"
        "<aux:SerialNumber>12</aux:SerialNumber>",
    )

    assert read_xmp(attributes) == read_xmp(elements)
    assert (read_xmp(elements).orientation, read_xmp(elements).rating, read_xmp(elements).serial) == (6, 4, "12")


def test_what_belongs_to_history_or_sources_does_not_count() -> None:
    nested = xmp_packet(
        "",
        '<xmpMM:DerivedFrom><rdf:Description xmp:Rating="5" exif:DateTimeOriginal="2001-01-01T01:01:01"/></xmpMM:DerivedFrom>'
        "<xmpMM:History><rdf:Seq><rdf:li><rdf:Description><xmp:CreateDate>2001-01-01T01:01:01</xmp:CreateDate>"
        "</rdf:Description></rdf:li></rdf:Seq></xmpMM:History>",
    )

    assert (read_xmp(nested).rating, read_xmp(nested).taken) == (None, None)


@pytest.mark.parametrize(
    ("properties", "taken"),
    [
        (
            'xmp:CreateDate="2003-03-03T03:03:03" photoshop:DateCreated="2002-02-02T02:02:02" '
            'exif:DateTimeOriginal="2001-01-01T01:01:01"',
            "2001",
        ),
        ('xmp:CreateDate="2003-03-03T03:03:03" photoshop:DateCreated="2002-02-02T02:02:02"', "2002"),
        ('xmp:CreateDate="2003-03-03T03:03:03" photoshop:DateCreated="2002-02-02"', "2003"),
        ('xmp:CreateDate="2003-03-03T03:03Z"', "2003"),
        ('xmp:CreateDate="2003-03"', None),
        ('xmp:ModifyDate="2003-03-03T03:03:03" xmp:MetadataDate="2003-03-03T03:03:03"', None),
    ],
)
def test_which_date_counts(properties: str, taken: str | None) -> None:
    found = read_xmp(xmp_packet(properties)).taken

    assert (found[0][:4] if found else None) == taken


@pytest.mark.parametrize(
    ("latitude", "longitude", "usable"),
    [
        ("48,51.5N", "2,21.05E", True),
        ("48,51,30S", "2,21,3W", True),
        ("48.8583", "-2.2945", True),
        ("95,0N", "2,0E", False),
        ("0,0N", "0,0E", False),
        ("here", "there", False),
        ("48,51.5N", "", False),
    ],
)
def test_positions(latitude: str, longitude: str, usable: bool) -> None:
    assert read_xmp(xmp_packet(f'exif:GPSLatitude="{latitude}" exif:GPSLongitude="{longitude}"')).gps is usable


def test_lists_where_a_number_is_expected() -> None:
    iso = "<exif:ISOSpeedRatings><rdf:Seq><rdf:li>160</rdf:li><rdf:li>200</rdf:li></rdf:Seq></exif:ISOSpeedRatings>"

    found = read_xmp(xmp_packet('exif:ExposureTime="1/1250" exif:FNumber="28/10" exif:ExposureBiasValue="0/6"', iso))

    assert found.exposure == "1/1250|2.8|160|0"


@pytest.mark.parametrize(
    ("rating", "expected"), [("-1", -1), ("0", 0), ("3.0", 3), ("5", 5), ("99", None), ("many", None), ("1/0", None)]
)
def test_ratings(rating: str, expected: int | None) -> None:
    assert read_xmp(xmp_packet(f'xmp:Rating="{rating}"')).rating == expected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_sidecars_in_any_encoding(encoding: str) -> None:
    text = xmp_packet('xmp:Rating="4" xmp:CreateDate="2010-09-27T14:35:33"').decode().replace("\ufeff", "")

    found = facts(text.encode(encoding), "xmp")

    assert (found.rating, found.taken, found.width) == (4, "2010-09-27T14:35:33", None)


def test_padding_behind_a_packet_is_no_mistake() -> None:
    assert read_xmp(xmp_packet('xmp:Rating="4"') + b" \n" * 1000 + b"\0\0").rating == 4


def test_a_document_type_is_refused_before_it_can_expand() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + xmp_packet('xmp:Rating="4"').split(b"?>", 1)[1]

    assert read_xmp(bomb).rating is None


def test_depth_is_capped() -> None:
    deep = xmp_packet('xmp:Rating="4"', "<dc:subject>" * 2000 + "</dc:subject>" * 2000)

    assert read_xmp(deep).rating == 4
    assert read_xmp(b"<a>" * 500_000).rating is None


def test_what_stands_before_a_mistake_counts() -> None:
    packet = xmp_packet('xmp:Rating="4"', "<dc:subject><rdf:Bag><rdf:li>sea</rdf:li>")

    assert read_xmp(packet[: packet.index(b"</rdf:Description>")] + b"<&").keywords == frozenset({"sea"})


def test_keywords_are_capped() -> None:
    many = "".join(f"<rdf:li>{n}</rdf:li>" for n in range(30_000))

    assert 0 < len(read_xmp(xmp_packet("", f"<dc:subject><rdf:Bag>{many}</rdf:Bag></dc:subject>")).keywords) <= 10_000

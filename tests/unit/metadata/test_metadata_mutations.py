"""Files rich in facts, mutated: no parser raises, loops or reads where nothing is, and whatever it tells is fit to be stored."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import metadata
from engine.config import Limits
from engine.formats import FORMATS, sniff
from engine.jobs.answers import _check_facts
from engine.metadata import DIGESTED, Metadata, picture_digest
from engine.metadata.draft import Draft
from engine.metadata.ranges import FileRanges
from engine.metadata.texts import MAX_TEXT
from engine.records import PictureFacts
from engine.worker.examine import header_facts
from engine.worker.probe import Probe

from .made import made_files
from .test_metadata_hostile import MUTATIONS, mutate, seeds

LIMITS = Limits()
MOST_READS = 5_000
EXAMPLES = 400


class OutsideError(BaseException):
    """Past the net that catches every ordinary exception of a parser."""


class Guarded(io.BytesIO):
    """A file that notices where it is read, how often and how much."""

    reads = total = 0

    def seek(self, offset: int, whence: int = 0) -> int:
        if not 0 <= offset <= len(self.getbuffer()):
            raise OutsideError(f"at {offset} of {len(self.getbuffer())}")
        return super().seek(offset, whence)

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        self.reads += 1
        self.total += len(data)
        if self.reads > MOST_READS or self.total > LIMITS.metadata_total:
            raise OutsideError(f"{self.reads} reads, {self.total} bytes")
        return data


def files() -> dict[str, tuple[str, bytes]]:
    """Name to format and content."""
    found = {name: ("png" if name == "apng" else name, data) for name, data in seeds().items()}
    for name, data in made_files().items():
        format = sniff(data, name.encode())
        assert format is not None
        found[name] = format, data
    return found


FILES = files()


def gathered(format: str, data: bytes) -> Metadata:
    """Read without the net at the door, then look at what was told."""
    file, draft = Guarded(data), Draft()
    metadata._GATHER[format](FileRanges(file, len(data), LIMITS.metadata_total, data[:4096]), LIMITS, draft)
    found = draft.finish()
    for preview in (*found.previews, *([found.thumbnail] if found.thumbnail else [])):
        assert data[preview.offset :].startswith(b"\xff\xd8\xff")
        assert 0 < preview.offset < preview.offset + preview.length <= len(data)
    for text in (found.make, found.model, found.serial, found.lens, found.software, found.profile_name, found.pairing_id):
        assert len(text) <= MAX_TEXT and text == text.strip() and "\0" not in text
    assert re.fullmatch(r"|[+-]\d\d:\d\d", found.zone)
    assert found.white_balance in ("", "auto", "manual")
    assert found.bit_depth is None or 1 <= found.bit_depth <= 64
    return found


def is_fit(format: str, found: Metadata) -> None:
    """The facts pass the check that guards the store, after a journey as JSON."""
    facts = replace(header_facts(Probe(FORMATS[format], found)), code="decode.corrupt")
    if facts.kind in ("picture", "raw"):
        assert PictureFacts.from_json(facts.to_json()) == facts
        _check_facts(facts, LIMITS)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.sampled_from(sorted(FILES)), MUTATIONS)
def test_mutated_file_is_read_within_bounds_and_told_in_fit_words(name: str, steps: list[tuple[float, bytes, float]]) -> None:
    format, data = FILES[name]

    mutated = mutate(data, steps)

    is_fit(format, gathered(format, mutated))


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.sampled_from(sorted(name for name, (format, _) in FILES.items() if format in DIGESTED)), MUTATIONS)
def test_mutated_file_is_digested_in_one_pass_or_not_at_all(name: str, steps: list[tuple[float, bytes, float]]) -> None:
    format, data = FILES[name]
    mutated = mutate(data, steps)
    file = Guarded(mutated)

    digest = picture_digest(file, len(mutated), format)

    assert digest is None or len(digest) == 32
    assert file.total <= 2 * len(mutated) + (1 << 20)
    assert digest == picture_digest(io.BytesIO(mutated), len(mutated), format), "the same answer twice"


@pytest.mark.parametrize("name", sorted(FILES))
def test_every_number_of_the_start_made_huge(name: str) -> None:
    format, data = FILES[name]
    for at in range(4, min(len(data) - 4, 600), 2):
        is_fit(format, gathered(format, data[:at] + b"\xff\xff\xff\xff" + data[at + 4 :]))


@pytest.mark.parametrize("name", sorted(FILES))
def test_every_number_of_the_start_made_to_point_back(name: str) -> None:
    """Offsets that lead to where they stand: chains and children that loop."""
    format, data = FILES[name]
    for at in range(4, min(len(data) - 4, 400), 2):
        for order in ("little", "big"):
            gathered(format, data[:at] + (at & ~1).to_bytes(4, order) + data[at + 4 :])  # type: ignore[arg-type]

"""The JPEG route without a codec: it gives libjpeg's picture at an eighth bit for bit, or gives up with a reason."""

from __future__ import annotations

import io
from types import ModuleType

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from engine.config import Limits
from engine.decode import DecodeRequest, decode, jpeg_kernels
from engine.decode.jpeg_dc import small_picture
from engine.decode.jpeg_header import RefusedError
from engine.decode.jpeg_kernels import KernelsWantedError
from engine.decode.jpeg_numbers import RAW_BYTES
from engine.decode.jpeg_stream import read_stream
from engine.errors import DecodeError
from tests.oracle import jpeg_dc as oracle
from tests.support.checked_kernels import checked_kernels
from tests.support.jpeg_edit import segments
from tests.support.jpeg_mutations import mutated, picture, saved, small_files, with_sampling
from tests.unit.decode.files import SAMPLES, opened

LIMITS = Limits()


@pytest.fixture(scope="module")
def kernels() -> ModuleType:
    """The loops as they are shipped."""
    from engine.decode import kernels as compiled

    return compiled


@pytest.fixture
def loaded(kernels: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that has loaded them."""
    monkeypatch.setattr(jpeg_kernels, "_loaded", kernels)


def by_libjpeg(data: bytes, mode: str = "L") -> NDArray[np.uint8]:
    """What libjpeg-turbo gives at scale 1/8, of pictures of at least 8 px a side."""
    image = Image.open(io.BytesIO(data))
    image.draft(mode, (image.size[0] // 8, image.size[1] // 8))
    return np.asarray(image).reshape(image.size[1], image.size[0], -1)


def grey(data: bytes, kernels: ModuleType) -> NDArray[np.uint8]:
    small = small_picture(io.BytesIO(data), LIMITS, grey=True, kernels=kernels)
    assert small is not None
    return small.pixels


def refusal(data: bytes, kernels: ModuleType) -> str:
    """Why a file is not taken."""
    with pytest.raises(RefusedError) as caught:
        grey(data, kernels)
    return str(caught.value)


# -------------------------------------------------------------------------------------------------------------- sound files


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("sampling", ["4:4:4", "4:2:2", "4:2:0", "grey"])
def test_grey_equals_libjpegs_bit_for_bit(kernels: ModuleType, sampling: str, progressive: bool) -> None:
    for seed, (width, height) in enumerate(((8, 8), (9, 17), (16, 16), (33, 31), (100, 75), (257, 129), (640, 333))):
        image = picture(seed, width, height, grey=sampling == "grey")
        options = {} if sampling == "grey" else {"subsampling": sampling}
        for quality in (1, 25, 50, 75, 90, 100):
            for more in ({}, {"optimize": True}, {"restart_marker_blocks": 1}, {"restart_marker_rows": 1}):
                data = saved(image, quality=quality, progressive=progressive, **options, **more)
                assert np.array_equal(grey(data, kernels), by_libjpeg(data)), (width, height, quality, more)


@pytest.mark.parametrize(
    "factors", [(0x12, 0x11, 0x11), (0x41, 0x11, 0x11), (0x22, 0x12, 0x12), (0x22, 0x21, 0x11), (0x14, 0x11, 0x11)]
)
def test_rare_samplings_are_exact_or_refused(kernels: ModuleType, factors: tuple[int, ...]) -> None:
    """The data of a picture of 8 × 8 MCUs, read as one of another shape: whether all of it is used is another question."""
    data = with_sampling(saved(Image.new("RGB", (96, 96), (90, 120, 40)), subsampling="4:4:4"), factors)
    try:
        got = grey(data, kernels)
    except RefusedError:
        return
    assert np.array_equal(got, by_libjpeg(data))


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("sampling", ["4:4:4", "4:2:2"])
def test_colour_equals_libjpegs_where_that_repeats_chroma(kernels: ModuleType, sampling: str, progressive: bool) -> None:
    data = saved(picture(5, 333, 250), subsampling=sampling, quality=88, progressive=progressive)

    small = small_picture(io.BytesIO(data), LIMITS, kernels=kernels)

    assert small is not None and np.array_equal(small.pixels, by_libjpeg(data, "RGB"))
    assert small.size == (333, 250) and small.route == ("jpeg-first-scan" if progressive else "jpeg-dc")


def test_loops_and_the_plain_twin_agree(kernels: ModuleType) -> None:
    for data in small_files():
        small = small_picture(io.BytesIO(data), LIMITS, kernels=kernels)
        assert small is not None and np.array_equal(small.pixels, oracle.small_picture(data))


def test_long_files_come_in_pieces(kernels: ModuleType) -> None:
    """Noise at full quality: many times what is looked at in one go, with and without restart markers."""
    noise = Image.fromarray(np.random.default_rng(3).integers(0, 256, (900, 1400, 3), np.uint8))
    for options in ({}, {"restart_marker_blocks": 1}, {"progressive": True}, {"subsampling": "4:4:4", "restart_marker_rows": 3}):
        data = saved(noise, quality=100, **options)
        assert len(data) > 3 * RAW_BYTES
        assert np.array_equal(grey(data, kernels), by_libjpeg(data))


def test_fill_bytes_and_what_stands_behind_the_picture_change_nothing(kernels: ModuleType) -> None:
    data = saved(picture(2, 120, 80))
    for other in (data[:-2] + b"\xff\xff\xff\xd9", data + bytes(5000), data + data, data[:2] + b"\xff\xff" + data[2:]):
        assert np.array_equal(grey(other, kernels), by_libjpeg(data))


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="no sample photos here")
def test_every_sample_is_exact_or_refused_with_a_reason(kernels: ModuleType) -> None:
    taken, refused = 0, []
    for path in sorted(SAMPLES.rglob("*")):
        if path.suffix.lower() not in (".jpg", ".jpeg"):
            continue
        data = path.read_bytes()
        try:
            assert np.array_equal(grey(data, kernels), by_libjpeg(data)), path
            taken += 1
        except RefusedError as error:
            refused.append(str(error))

    assert taken >= 100 and set(refused) <= {"ink", "bytes left over"}


# ----------------------------------------------------------------------------------------------------------------- refusals


def _edited(data: bytes, marker: int, place: int, value: int) -> bytes:
    at = data.index(bytes((0xFF, marker)))
    return data[: at + place] + bytes((value,)) + data[at + place + 1 :]


PLAIN = saved(picture(1, 128, 96), quality=85)
IN_TURNS = saved(picture(1, 128, 96), quality=85, restart_marker_blocks=2)
PROGRESSIVE = saved(picture(1, 128, 96), quality=85, progressive=True)
DATA = PLAIN.index(b"\xff\xda") + 14

UNUSUAL = {
    "ink": saved(picture(1, 64, 64).convert("CMYK")),
    "not Huffman": _edited(PLAIN, 0xC0, 1, 0xC9),
    "not 8 bits": _edited(PLAIN, 0xC0, 4, 12),
    "no size": _edited(_edited(PLAIN, 0xC0, 5, 0), 0xC0, 6, 0),
    "odd sampling": _edited(PLAIN, 0xC0, 11, 0x31),
    "not YCbCr": PLAIN[:2] + b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0\0" + PLAIN[20:],
    "several scans": PLAIN[:-2] + PLAIN[PLAIN.index(b"\xff\xda") :],
    "odd tables": PLAIN.replace(b"\xff\xc4", b"\xff\xfe"),
    "odd header": PLAIN[:2] + b"\0\0" + PLAIN[2:],
    "ends early": PLAIN[: DATA + 300] + b"\xff\xd9",
    "cut": PLAIN[:-2],
    "bytes left over": PLAIN[:-2] + b"\x55\x55" + PLAIN[-2:],
    "restart markers": IN_TURNS.replace(b"\xff\xd1", b"\xff\xd2", 1),
    "zeros": PLAIN[: DATA + 40] + bytes(256) + PLAIN[DATA + 40 :],
    "scans missing": PROGRESSIVE[: PROGRESSIVE.rindex(b"\xff\xda")] + b"\xff\xd9",
    "bad code": saved(Image.new("L", (800, 800), 7)).replace(b"\xff\xd9", b"\xff\0" * 40 + b"\xff\xd9"),
}


@pytest.mark.parametrize("reason", [name for name in UNUSUAL if name != "bad code"])
def test_unusual_and_damaged_files_are_refused_with_a_reason(kernels: ModuleType, reason: str) -> None:
    assert refusal(UNUSUAL[reason], kernels) == reason


def test_every_cut_and_every_missing_byte_is_noticed(kernels: ModuleType) -> None:
    for data in (PLAIN, IN_TURNS):
        for at in range(DATA, len(data) - 2, 13):
            assert refusal(data[:at], kernels)
            assert refusal(data[:at] + b"\xff\xd9", kernels)


def test_segments_of_the_header_may_come_in_any_order_but_not_twice(kernels: ModuleType) -> None:
    header = segments(PLAIN)
    frame = next(marker for marker, _ in header if marker == 0xC0)
    assert frame == 0xC0
    doubled = PLAIN[:2] + PLAIN[PLAIN.index(b"\xff\xc0") : PLAIN.index(b"\xff\xc4")] + PLAIN[2:]
    assert refusal(doubled, kernels) == "odd header"


# ---------------------------------------------------------------------------------------------------------------- mutations


@pytest.mark.parametrize("part", range(4))
def test_mutated_files_never_leave_the_memory_and_never_give_another_picture(kernels: ModuleType, part: int) -> None:
    checked, taken = checked_kernels(), 0
    for seed in range(part * 700, part * 700 + 700):
        data = mutated(seed)
        outcomes = [_outcome(data, loops) for loops in (kernels, checked)]
        assert np.array_equal(outcomes[0], outcomes[1]), seed
        if isinstance(outcomes[0], np.ndarray):
            taken += 1
            assert np.array_equal(outcomes[0], by_libjpeg(data)), seed
            stream = read_stream(io.BytesIO(data), len(data))
            assert stream.complete and stream.damage is None, seed

    assert 20 < taken < 500


def _outcome(data: bytes, kernels: ModuleType) -> NDArray[np.uint8] | str:
    try:
        small = small_picture(io.BytesIO(data), LIMITS, grey=True, kernels=kernels)
        return small.pixels if small is not None else "small"
    except (RefusedError, DecodeError) as error:
        return str(error)


# ------------------------------------------------------------------------------------------------------------ in the product


@pytest.mark.usefixtures("loaded")
def test_route_follows_the_size_that_is_wanted() -> None:
    data = saved(picture(3, 1600, 1200))
    for edge, route in ((200, "jpeg-dc"), (201, "jpeg-draft-4"), (0, "jpeg-full")):
        assert opened(data, "jpeg", edge).route == route
    assert opened(saved(picture(3, 1600, 1200), progressive=True), "jpeg", 200).route == "jpeg-first-scan"


@pytest.mark.usefixtures("loaded")
def test_what_the_route_refuses_libjpeg_decides_and_the_reason_is_told() -> None:
    data = saved(picture(3, 1600, 1200), quality=92)

    cut = opened(data[: len(data) * 2 // 3], "jpeg", 200)
    ink = opened(saved(picture(3, 1600, 1200).convert("CMYK")), "jpeg", 200)

    assert (cut.partial == "decode.truncated" and cut.route == "jpeg-draft-8 (no dc: ends early)") or cut.route.endswith(
        "(no dc: cut)"
    )
    assert ink.partial is None and ink.route == "jpeg-draft-8 (no dc: ink)"


@pytest.mark.usefixtures("loaded")
def test_colour_profile_and_orientation_are_applied_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    from PIL import ImageCms

    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = saved(picture(4, 1600, 1200), icc_profile=lab, subsampling="4:4:4", quality=95)

    for orientation in range(1, 9):
        by_dc = opened(data, "jpeg", 200, orientation)
        with monkeypatch.context() as without:
            without.setattr(jpeg_kernels, "_loaded", None)
            by_codec = opened(data, "jpeg", 200, orientation)
        assert (by_dc.route, by_codec.route) == ("jpeg-dc", "jpeg-draft-8")
        assert np.array_equal(by_dc.pixels, by_codec.pixels) and by_dc.full_size == by_codec.full_size


@pytest.mark.usefixtures("loaded")
def test_pictures_for_the_eye_come_from_the_codec() -> None:
    data = saved(picture(3, 1600, 1200))
    request = DecodeRequest("jpeg", 200, by_codec=True)
    assert decode(io.BytesIO(data), len(data), request, LIMITS).route == "jpeg-draft-8"


def test_process_without_the_loops_asks_only_for_files_that_go_by_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jpeg_kernels, "_asking", True)
    data = saved(picture(3, 1600, 1200))

    with pytest.raises(KernelsWantedError):
        opened(data, "jpeg", 200)
    assert opened(data, "jpeg", 400).route == "jpeg-draft-4"
    assert opened(UNUSUAL["ink"], "jpeg", 8).route == "jpeg-draft-8 (no dc: ink)"


def test_process_that_may_not_ask_decodes() -> None:
    assert opened(saved(picture(3, 1600, 1200)), "jpeg", 200).route == "jpeg-draft-8"

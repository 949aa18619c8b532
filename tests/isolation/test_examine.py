"""The shipped worker on real files: what it tells of pictures, damaged pictures and everything else that lies in a folder."""

from __future__ import annotations

import io
import os
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from blake3 import blake3
from PIL import Image

from engine import fingerprint
from engine.config import Limits
from engine.jobs.pools import FileJob, FileResult, Kind, Workers
from engine.records import PictureFacts
from tests.support.scenes import scene

LIMITS = Limits(max_pixels=6_000_000)


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    """One shipped worker for all tests here."""
    with Workers(1, LIMITS) as pool:
        yield pool


@pytest.fixture(scope="module")
def photo() -> Image.Image:
    """900 x 600 px with something to see."""
    return Image.fromarray(np.asarray(scene(5, 900, 600))[:, :, :3])


def ask(pool: Workers, path: Path, kind: Kind = Kind.FINGERPRINT, edge: int = 0) -> FileResult:
    """One file, one answer."""
    pool.submit(FileJob(kind, os.fsencode(path), path.stat().st_size, edge, token=path))
    result = pool.next_result(60)
    assert result is not None and result.token == path
    return result


def facts_of(pool: Workers, path: Path) -> PictureFacts:
    """Facts of one file."""
    facts = ask(pool, path).facts
    assert facts is not None
    return facts


def saved(photo: Image.Image, path: Path, **options: object) -> Path:
    """The photo as a file of the suffix's format."""
    photo.save(path, **options)
    return path


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.tif", "a.bmp", "a.gif", "a.avif"])
def test_picture_comes_with_facts_prints_and_digest(workers: Workers, photo: Image.Image, tmp_path: Path, name: str) -> None:
    path = saved(photo, tmp_path / name)

    result = ask(workers, path)

    facts = result.facts
    assert facts is not None
    assert (facts.status, facts.code, facts.kind, facts.frames) == ("ok", None, "picture", 1)
    assert (facts.width, facts.height) == (900, 600)
    assert facts.blake3 == result.digest == blake3(path.read_bytes()).digest()
    assert (facts.picture_digest is None) == (name in ("a.bmp", "a.gif"))
    assert facts.decoder and facts.route
    assert not fingerprint.unpack(result.prints).flat


def test_same_picture_in_two_formats_has_nearly_the_same_prints(workers: Workers, photo: Image.Image, tmp_path: Path) -> None:
    a = fingerprint.unpack(ask(workers, saved(photo, tmp_path / "a.png")).prints)
    b = fingerprint.unpack(ask(workers, saved(photo, tmp_path / "b.jpg", quality=80)).prints)

    assert int(np.bitwise_count(a.dct256 ^ b.dct256).sum()) < 20


def test_orientation_is_declared_and_applied(workers: Workers, photo: Image.Image, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    path = saved(photo, tmp_path / "a.jpg", exif=exif)

    facts = facts_of(workers, path)

    assert (facts.width, facts.height, facts.orientation) == (600, 900, 6)


def test_film_has_a_hash_for_each_sampled_frame(workers: Workers, photo: Image.Image, tmp_path: Path) -> None:
    frames = [photo.resize((60, 40)).rotate(3 * i) for i in range(70)]
    path = tmp_path / "a.gif"
    frames[0].save(path, save_all=True, append_images=frames[1:])

    facts = facts_of(workers, path)

    assert facts.frames == 70
    assert len(facts.frame_hashes) == 64 * 8
    assert len({facts.frame_hashes[i : i + 8] for i in range(0, 512, 8)}) > 10


def test_flat_picture_has_low_information(workers: Workers, tmp_path: Path) -> None:
    facts = facts_of(workers, saved(Image.new("RGB", (400, 300), (9, 9, 9)), tmp_path / "a.jpg"))

    assert (facts.status, facts.code, facts.flat) == ("ok", "decode.low-information", True)


def test_picture_that_ends_early_is_partial_and_still_printed(workers: Workers, photo: Image.Image, tmp_path: Path) -> None:
    path = saved(photo, tmp_path / "a.jpg", quality=90)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 3 // 4])

    result = ask(workers, path)

    assert result.facts is not None
    assert (result.facts.status, result.facts.code) == ("partial", "decode.truncated")
    assert len(result.prints) == fingerprint.PACKED_BYTES


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.jpg", b"", ("error", "decode.empty", "picture")),
        ("a.cr2", b"", ("error", "decode.empty", "raw")),
        ("a.txt", b"", ("skipped", "scan.not-a-picture", "other")),
        ("a.xmp", b"", ("skipped", "scan.not-a-picture", "sidecar")),
        ("a.jpg", b"hello, world", ("error", "decode.corrupt", "picture")),
        ("a.nef", b"hello, world", ("error", "decode.corrupt", "raw")),
        ("a.txt", b"hello, world", ("skipped", "scan.not-a-picture", "other")),
        ("noname", bytes(range(256)), ("skipped", "scan.not-a-picture", "other")),
        ("a.mov", b"hello, world", ("skipped", "scan.not-a-picture", "movie")),
        ("a.mov", b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", ("skipped", "scan.not-a-picture", "movie")),
        ("a.xmp", b'<x:xmpmeta xmlns:x="adobe:ns:meta/"></x:xmpmeta>', ("skipped", "scan.not-a-picture", "sidecar")),
        ("a.psd", b"8BPS\0\x01" + bytes(40), ("skipped", "decode.unsupported", "other")),
        ("a.jpg", b"8BPS\0\x01" + bytes(40), ("skipped", "decode.unsupported", "other")),
        ("a.jpg", b"\xff\xd8\xff\xe0", ("error", "decode.truncated", "picture")),
    ],
)
def test_files_without_a_picture(
    workers: Workers, tmp_path: Path, name: str, content: bytes, expected: tuple[str, str, str]
) -> None:
    (tmp_path / name).write_bytes(content)

    result = ask(workers, tmp_path / name)

    assert result.facts is not None
    assert (result.facts.status, result.facts.code, result.facts.kind) == expected
    assert result.prints == b""


def test_content_counts_and_not_the_name(workers: Workers, photo: Image.Image, tmp_path: Path) -> None:
    data = io.BytesIO()
    photo.save(data, "PNG")
    for name in ("a.jpg", "a.txt", "a", "a.mov", "a.xmp"):
        (tmp_path / name).write_bytes(data.getvalue())

        facts = facts_of(workers, tmp_path / name)

        assert (facts.status, facts.format, facts.kind) == ("ok", "png", "picture"), name


def test_picture_with_too_many_pixels_is_skipped_before_a_codec_sees_it(workers: Workers, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    header = b"\0\0\x0b\xb8\0\0\x0b\xb8\x08\0\0\0\0"  # 3000 x 3000 px of grey
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(3001 * 3000))), (b"IEND", b"")]
    body = b"".join(
        len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big") for name, data in chunks
    )
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)

    facts = facts_of(workers, path)

    assert (facts.status, facts.code) == ("skipped", "decode.too-large")
    assert (facts.width, facts.height, facts.blake3) == (3000, 3000, None)


def test_file_of_too_many_bytes_is_skipped_unread(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"\xff\xd8\xff\xe0")
    os.truncate(path, 5 << 30)  # sparse

    with Workers(1, Limits()) as pool:
        facts = facts_of(pool, path)

    assert (facts.status, facts.code) == ("skipped", "decode.too-large")


def test_digest_is_of_any_file(workers: Workers, tmp_path: Path) -> None:
    path = tmp_path / "a.mov"
    path.write_bytes(os.urandom(3_000_000))

    result = ask(workers, path, Kind.DIGEST)

    assert result.digest == blake3(path.read_bytes()).digest()
    assert (result.code, result.facts) == (None, None)


def test_check_tells_whether_a_keeper_still_opens(workers: Workers, photo: Image.Image, tmp_path: Path) -> None:
    path = saved(photo, tmp_path / "a.jpg", quality=90)
    data = path.read_bytes()

    sound = ask(workers, path, Kind.CHECK)
    path.write_bytes(data[: len(data) // 2])
    cut = ask(workers, path, Kind.CHECK)
    path.write_bytes(b"no picture")
    other = ask(workers, path, Kind.CHECK)

    assert (sound.code, sound.digest) == (None, blake3(data).digest())
    assert (cut.code, cut.digest) == ("decode.truncated", None)
    assert (other.code, other.digest) == ("decode.corrupt", None)


@pytest.mark.parametrize(("edge", "shape"), [(0, (600, 900)), (300, (200, 300)), (5000, (600, 900)), (1, (1, 1))])
def test_pixels_for_the_screen(workers: Workers, photo: Image.Image, tmp_path: Path, edge: int, shape: tuple[int, ...]) -> None:
    path = saved(photo, tmp_path / "a.png")

    result = ask(workers, path, Kind.PIXELS, edge)

    assert result.pixels is not None
    assert result.pixels.shape == (*shape, 4)
    assert (result.pixels[..., 3] == 255).all()
    assert (result.full_size, result.preview) == ((900, 600), False)
    if edge == 0:
        assert (result.pixels[..., 2::-1] == np.asarray(photo)).all()


def test_pixels_of_no_picture_are_an_error(workers: Workers, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("hello")

    result = ask(workers, tmp_path / "a.txt", Kind.PIXELS, 100)

    assert (result.code, result.pixels) == ("scan.not-a-picture", None)


def test_worker_tells_which_walls_stand(workers: Workers) -> None:
    from engine.jobs.child import Child, worker_command

    child = Child(worker_command(), LIMITS, lambda: False)
    try:
        child.greet()
        hello = child.hello
    finally:
        child.close()

    walls, versions = hello["walls"], hello["versions"]
    assert isinstance(walls, dict) and isinstance(versions, dict)
    assert walls["limits"] and walls["one-thread"] and set(walls) >= {"landlock", "seccomp", "no-new-privileges"}
    assert {"Pillow", "LibRaw", "pillow-heif"} <= set(versions)


def test_samples_give_the_same_with_and_without_walls(samples: Path) -> None:
    """A module or table that is only loaded on first use cannot be loaded behind the walls: that must never show."""
    paths = [
        next(samples.glob(f"{pattern}")) for pattern in ("avif/a*", "heif/odd*", "raw/Canon*", "tiff/cie*", "webp/d*", "gif/h*")
    ]
    with Workers(2, Limits()) as pool:
        for path in paths:
            pool.submit(FileJob(Kind.FINGERPRINT, os.fsencode(path), 0, token=path))
        walled = {}
        while len(walled) < len(paths):
            result = pool.next_result(60)
            assert result is not None
            walled[result.token] = result

    for path in paths:
        facts, prints = _unwalled(path)
        assert walled[path].facts == facts, path
        assert walled[path].prints == prints, path


def _unwalled(path: Path) -> tuple[PictureFacts, bytes]:
    from engine.worker.examine import examine
    from engine.worker.limits import Allowance
    from engine.worker.loop import Request

    class Free(Allowance):
        def allow_memory(self, pixels: int, extra_bytes: int = 0) -> None:
            pass

    with path.open("rb") as file:
        reply = examine(Request(file, path.stat().st_size, os.fsencode(path.name), 0, True, None, Limits(), Free(Limits())))
    return PictureFacts.from_json(reply.fields["facts"]), reply.blob

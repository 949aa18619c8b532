"""Pictures that are alike and not the same: screens, documents, marked pictures, frames of one scene, brackets, bursts,
panoramas, empty frames; scanned by the program itself, metadata and all, and counted by class."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from engine.records import Tier
from tests.bench.robustness import drawn, overlays, shapes, tones, windows
from tests.bench.robustness.originals import Original, opened, originals_of
from tests.bench.robustness.sheets import side_by_side
from tests.bench.robustness.statistics import upper_bound

Rng = np.random.Generator
OF_EACH = 60
"""Pictures of a class in which every pair is a near miss: 1,770 pairs."""

GROUNDS = 25
SIDE = 1000
ROOT = Path(__file__).resolve().parents[3]

MARKS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "tiled watermark": lambda im: overlays.tiled_watermark(im, 0.6),
    "watermark": lambda im: overlays.watermarked(im, 0.55),
    "caption bar": lambda im: overlays.captioned(im, 0.25, (0, 0, 0), (255, 255, 255)),
    "meme words": overlays.meme,
    "desktop viewer": windows.desktop,
    "web page": windows.browser,
}


@dataclass(frozen=True, slots=True)
class Picture:
    """group: pairs within one group of a class are counted. exif: metadata, None for none."""

    group: str
    picture: Image.Image
    exif: Image.Exif | None = None


def camera_exif(number: int, second: int, fraction: int, exposure: tuple[int, int]) -> Image.Exif:
    """What a camera writes: itself, the time with its fraction (ms), the exposure time as a ratio."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Example", f"Camera {number % 3}"
    details = exif.get_ifd(0x8769)
    details[0x9003] = f"2023:0{1 + number % 9}:1{number % 10} 12:{number % 60:02d}:{second:02d}"
    details[0x9291] = f"{fraction:03d}"
    details[0x829A] = exposure[0] / exposure[1]
    details[0x829D], details[0x8827], details[0xA431] = 4.0, 200, f"000{number % 3}"
    return exif


def brackets(number: int, im: Image.Image, rng: Rng) -> Iterator[Picture]:
    """Three exposures by hand: two stops apart, a little moved, within a second or two."""
    for step, ev in enumerate((0, -2, 2)):
        frame = _nudged(im, rng, 0.008)
        yield Picture(
            str(number), tones.noisy(tones.exposed(frame, ev), rng, 3), camera_exif(number, step // 2, 300 * step, (4**step, 500))
        )


def bursts(number: int, im: Image.Image, rng: Rng) -> Iterator[Picture]:
    """Five frames of a second: moved, a little turned, other noise."""
    for step in range(5):
        frame = shapes.straightened(_nudged(im, rng, 0.03), float(rng.uniform(-0.8, 0.8)))
        yield Picture(str(number), tones.noisy(frame, rng, 4), camera_exif(number, 5 + step // 3, 130 + 170 * step, (1, 250)))


def panoramas(number: int, im: Image.Image, rng: Rng) -> Iterator[Picture]:
    """Three views from left to right that share two thirds with the next one, two seconds apart."""
    for step in range(3):
        frame = tones.noisy(shapes.cropped(im, 0.6, 1, 0.5 * step, 0.5), rng, 3)
        yield Picture(str(number), frame, camera_exif(number, 20 + 2 * step, 100 * step, (1, 125)))


def other_person(number: int, im: Image.Image, rng: Rng) -> Iterator[Picture]:
    """One ground, each time with somebody else large in front: head and shoulders over a quarter to a third of it."""
    for _ in range(4):
        yield Picture(str(number), _with_person(im, rng))


def moved_things(number: int, im: Image.Image, rng: Rng) -> Iterator[Picture]:
    """One table top with ten things, each time laid out anew."""
    from tests.support.scenes import scene

    ground = Image.fromarray(scene(50_000 + number, SIDE, SIDE * 2 // 3)).resize((SIDE, SIDE * 2 // 3))
    things = [Image.fromarray(scene(51_000 + 20 * number + k, 200, 150)) for k in range(10)]
    for _ in range(4):
        frame = tones.contrast(ground, 0.5)
        for thing in things:
            x, y = rng.integers(0, SIDE - 200), rng.integers(0, SIDE * 2 // 3 - 150)
            frame.paste(thing.rotate(float(rng.uniform(0, 360))).resize((180, 135)), (int(x), int(y)))
        yield Picture(str(number), frame)


GROUPED: dict[str, Callable[[int, Image.Image, Rng], Iterator[Picture]]] = {
    "exposure bracket": brackets,
    "burst": bursts,
    "panorama": panoramas,
    "one ground, another person": other_person,
    "one ground, things moved": moved_things,
}
MOMENTS = ("exposure bracket", "burst", "panorama")


def _nudged(im: Image.Image, rng: Rng, share: float) -> Image.Image:
    return shapes.cropped(im, 1 - 2 * share, 1 - 2 * share, float(rng.random()), float(rng.random()))


def _with_person(im: Image.Image, rng: Rng) -> Image.Image:
    out, (wide, high) = im.copy(), im.size
    draw = ImageDraw.Draw(out)
    skin, hair, coat = (tuple(int(v) for v in rng.integers(40, 220, 3)) for _ in range(3))
    x, head = rng.uniform(0.35, 0.65) * wide, rng.uniform(0.24, 0.32) * high
    top = rng.uniform(0.12, 0.25) * high
    draw.ellipse((x - 1.5 * head, top + 1.1 * head, x + 1.5 * head, top + 5 * head), coat)
    draw.ellipse((x - 0.52 * head, top - 0.1 * head, x + 0.52 * head, top + 1.1 * head), hair)
    draw.ellipse((x - 0.42 * head, top + 0.05 * head, x + 0.42 * head, top + 1.15 * head), skin)
    for side in (-1, 1):
        eye = x + side * 0.17 * head
        draw.ellipse((eye - 0.06 * head, top + 0.45 * head, eye + 0.06 * head, top + 0.55 * head), hair)
    draw.chord((x - 0.2 * head, top + 0.6 * head, x + 0.2 * head, top + 0.9 * head), 0, 180, coat)
    for _ in range(int(rng.integers(3, 9))):
        y = top + rng.uniform(1.3, 4) * head
        draw.line((x - 1.3 * head, y, x + 1.3 * head, y + rng.uniform(-0.4, 0.4) * head), hair, int(head / 12))
    return out


def made(folder: Path, originals: Sequence[Original]) -> None:
    """Write all classes below the folder, unless they are there."""
    done = folder.parent / "made"
    if done.exists():
        return
    pictures = [found[0] for one in originals[: 2 * OF_EACH] if (found := opened(one, SIDE)) is not None][:OF_EACH]
    for name, picture in _all(pictures):
        _save(folder / name, picture)
    done.touch()


def _all(pictures: list[Image.Image]) -> Iterator[tuple[str, Picture]]:
    for kind, drawings in (("screen", drawn.SCREENS), ("document", drawn.DOCUMENTS)):
        for name, make in drawings.items():
            for number in range(OF_EACH):
                rng = np.random.default_rng([number, len(name), 7])
                yield f"{kind} {name}", Picture("", make(rng))
    for name, mark in MARKS.items():
        for im in pictures:
            yield f"one {name}", Picture("", mark(im))
    for name, frames in GROUPED.items():
        for number, im in enumerate(pictures[:GROUNDS]):
            for one in frames(number, im, np.random.default_rng([number, len(name), 8])):
                yield name, one
    for im in drawn.gradients():
        yield "flat, blank, gradient", Picture("", im)


def _save(folder: Path, one: Picture) -> None:
    place = folder / one.group if one.group else folder
    place.mkdir(parents=True, exist_ok=True)
    path = place / f"{len(list(place.iterdir())):04d}.jpg"
    one.picture.save(path, quality=93, **({"exif": one.exif} if one.exif is not None else {}))


@dataclass(frozen=True, slots=True)
class Counted:
    """Pairs of one class. possible: pairs of files of one group. tiers: of those at or above the line. highest: similarity of a
    pair that is not of one moment, 0 for none. wrong: (path, path, words) of these at or above the line."""

    name: str
    files: int
    possible: int
    tiers: Counter[str]
    highest: float
    wrong: list[tuple[str, str, str]]


def scanned(folder: Path, line: float) -> dict[str, object]:
    """The report of a scan of the folder by the command line, with an empty cache."""
    report, settings = folder.parent / "report.json", folder.parent / "settings.toml"
    settings.write_text("whole_cpu = true\n")
    words = ("--json", str(report), "--settings", str(settings), "--threshold", str(line), "--progress", "none")
    command = [sys.executable, "-m", "engine", "scan", str(folder), *words]
    with tempfile.TemporaryDirectory() as empty:
        env = {**os.environ, "IMGFP_CACHE_DIR": f"{empty}/cache", "IMGFP_DATA_DIR": f"{empty}/data"}
        subprocess.run(command, check=True, env=env, cwd=ROOT, stdout=subprocess.DEVNULL)
    answer: dict[str, object] = json.loads(report.read_bytes())
    return answer


def counted(report: dict[str, object], folder: Path, line: float) -> list[Counted]:
    """Every class of the folder."""
    paths = [Path(file["path"]) for file in report["files"]]  # type: ignore[index, union-attr]
    kinds = [path.relative_to(folder).parts[0] for path in paths]
    groups = Counter((kind, path.parent) for kind, path in zip(kinds, paths, strict=True))
    found: dict[str, list[tuple[str, str, float, str]]] = {kind: [] for kind in kinds}
    for pair in report["pairs"]:  # type: ignore[attr-defined]
        a, b = paths[pair["a"]], paths[pair["b"]]
        if a.parent == b.parent:
            found[kinds[pair["a"]]].append((str(a), str(b), pair["similarity"], pair["tier"]))
    moment = Tier.SAME_MOMENT.label
    out = []
    for kind, pairs in found.items():
        sizes = [count for (of, _), count in groups.items() if of == kind]
        above = [pair for pair in pairs if pair[2] >= line]
        wrong = [(a, b, f"{score:.4f} {tier}\n{kind}") for a, b, score, tier in above if tier != moment]
        highest = max((score for _, _, score, tier in pairs if tier != moment), default=0.0)
        possible = sum(count * (count - 1) // 2 for count in sizes)
        out.append(Counted(kind, sum(sizes), possible, Counter(tier for *_, tier in above), highest, wrong))
    return out


def told(out: Path, folders: Sequence[Path], line: float) -> str:
    """Make, scan and count; the table as text. Pairs that merge lie on contact sheets in ``OUT/false``."""
    folder = (out / "files").resolve()
    made(folder, originals_of(folders))
    classes = counted(scanned(folder, line), folder, line)
    side_by_side(out / "false", [pair for one in classes for pair in one.wrong][:160], "near")
    lines = [
        f"{'near misses':<32}{'files':>7}{'pairs':>9}{'merged':>8}{'share':>9}{'at most':>9}{'same-moment':>13}{'highest':>9}"
    ]
    for one in classes:
        moments = one.tiers[Tier.SAME_MOMENT.label]
        merged = sum(one.tiers.values()) - moments
        lines.append(
            f"{one.name:<32}{one.files:>7}{one.possible:>9,}{merged:>8}{merged / max(1, one.possible):>9.2%}"
            f"{upper_bound(merged, one.possible):>9.2%}{moments:>13}{one.highest:>9.3f}"
        )
    return "\n".join(lines)

"""Makes the photos of the sample library in resources/sample from public-domain originals; run by hand, its output is committed.

python packaging/sample_photos.py FOLDER_WITH_ORIGINALS resources/sample
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from PIL import Image, ImageDraw, ImageEnhance, ImageFont, ImageOps

EDGE = 1280
ORIGINALS = {
    "DCIM/DSC_0418.jpg": ("jpeg/metadata/mongolels.jpg", "2024:06:02 18:41:07"),
    "DCIM/DSC_0423.jpg": ("jpeg/public_domain/el_torcal_rocks.jpg", "2024:06:03 11:12:30"),
    "DCIM/DSC_0431.jpg": ("jpeg/public_domain/polemonium_reptans.jpg", "2024:06:05 09:03:44"),
    "DCIM/DSC_0440.jpg": ("jpeg/public_domain/cyclamen_persicum.jpg", "2024:06:05 09:40:12"),
    "DCIM/DSC_0452.jpg": ("jpeg/public_domain/notocactus_minimus.jpg", "2024:06:07 15:22:01"),
    "DCIM/DSC_0460.jpg": ("jpeg/public_domain/silver_fir.jpg", "2024:06:08 16:05:55"),
    "DCIM/DSC_0461.jpg": ("jpeg/public_domain/wood_anemones.jpg", "2024:06:08 16:21:40"),
    "DCIM/DSC_0470.jpg": ("jpeg/public_domain/prairie_falcon.jpg", "2024:06:09 07:58:19"),
    "DCIM/P5140211.jpg": ("jpeg/public_domain/japanese-shop.jpg", "2024:05:14 20:41:07"),
    "DCIM/_MG_2231.jpg": ("webp/denali.webp", "2023:09:03 14:02:11"),
    "Phone/IMG_2207.jpg": ("jpeg/metadata/empty_gps.jpg", "2024:03:21 13:37:00"),
}


def main(samples: Path, out: Path) -> None:
    """Write every original and its copies."""
    for name, (source, taken) in ORIGINALS.items():
        _save(_opened(samples / source), out / name, 80, taken)
    _copies(out)
    print(sum(1 for f in out.rglob("*.jpg")), "photos,", sum(f.stat().st_size for f in out.rglob("*.jpg")) // 1000, "kB")


def _copies(out: Path) -> None:
    dcim, phone, export, backup = (out / name for name in ("DCIM", "Phone", "Export", "Backup"))
    shop = Image.open(dcim / "P5140211.jpg")
    _save(_smaller(shop, 0.35), phone / "IMG-20240514-WA0007.jpg", 58)
    _save(shop.transpose(Image.Transpose.ROTATE_90), export / "scan_0211.jpg", 80)
    _save(ImageEnhance.Color(ImageEnhance.Brightness(shop).enhance(1.12)).enhance(0.8), export / "P5140211-Edit.jpg", 88)
    dunes = Image.open(dcim / "DSC_0418.jpg")
    _save(ImageEnhance.Contrast(ImageEnhance.Color(dunes).enhance(1.5)).enhance(1.15), export / "DSC_0418-print.jpg", 92)
    _save(_smaller(dunes, 0.35), export / "DSC_0418-web.jpg", 80)
    _save(_smaller(dunes, 0.26), phone / "IMG-20240602-WA0011.jpg", 55)
    denali = Image.open(dcim / "_MG_2231.jpg")
    _save(ImageOps.grayscale(denali).convert("RGB"), export / "_MG_2231-bw.jpg", 88)
    _save(_smaller(denali, 0.7), export / "_MG_2231-2.jpg", 84)
    flower = Image.open(dcim / "DSC_0440.jpg")
    _save(flower.transpose(Image.Transpose.ROTATE_270), phone / "IMG_2240.jpg", 82)
    _save(ImageOps.mirror(Image.open(dcim / "DSC_0470.jpg")), export / "falcon.jpg", 88)
    _save(_smaller(Image.open(dcim / "DSC_0452.jpg"), 0.6), export / "cactus.jpg", 78)
    rocks = Image.open(dcim / "DSC_0423.jpg")
    width, height = rocks.size
    tight = rocks.crop((round(width * 0.03), round(height * 0.02), round(width * 0.98), round(height * 0.97)))
    _save(tight, export / "DSC_0423-tight.jpg", 88)
    _save(_dated(rocks, "3 6 '24"), phone / "IMG_2301.jpg", 84)
    for name in ("DCIM/DSC_0431.jpg", "Phone/IMG_2207.jpg"):
        target = backup / Path(name).name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(out / name, target)


def _opened(path: Path) -> Image.Image:
    picture = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
    picture.thumbnail((EDGE, EDGE), Image.Resampling.LANCZOS)
    return picture


def _smaller(picture: Image.Image, scale: float) -> Image.Image:
    return picture.resize((round(picture.width * scale), round(picture.height * scale)), Image.Resampling.LANCZOS)


def _dated(picture: Image.Image, text: str) -> Image.Image:
    """With the date burnt in, as old cameras did."""
    made = picture.copy()
    size = max(16, made.height // 14)
    place = (round(made.width * 0.76), round(made.height * 0.88))
    ImageDraw.Draw(made).text(place, text, fill=(255, 150, 40), font=ImageFont.load_default(size))
    return made


def _save(picture: Image.Image, path: Path, quality: int, taken: str = "") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    exif = Image.Exif()
    if taken:
        exif.get_ifd(0x8769)[0x9003] = taken
    picture.save(path, quality=quality, exif=exif, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

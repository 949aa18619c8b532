"""The sample library: photos with copies, edits and turned ones among them, copied from what came with the program.

Writes into an empty folder of the caller's only, and never over a file.
"""

from __future__ import annotations

from pathlib import Path

from engine import locations
from engine.errors import EngineError, UsageError


def make_sample(folder: Path) -> dict[str, int]:
    """Copy the sample photos into `folder`, which is made when it is missing.

    Raises UsageError when it holds anything, EngineError when no photos came with the program or they cannot be written.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    if any(folder.iterdir()):
        raise UsageError("The folder for the sample pictures is not empty.", hint="Choose an empty folder.")
    source = locations.resources_dir() / "sample"
    photos = sorted(source.glob("*/*.jpg"))
    if not photos:
        raise EngineError("The sample pictures did not come with this copy of imgfp.", hint="Add a folder of your own instead.")
    try:
        for photo in photos:
            _copy(photo, folder / photo.relative_to(source))
    except OSError as error:
        raise EngineError(
            f"The sample pictures could not be written ({error.strerror}).", hint="Check that the disk has 3 MB of room."
        ) from error
    return {"files": len(photos)}


def _copy(photo: Path, place: Path) -> None:
    place.parent.mkdir(mode=0o700, exist_ok=True)
    with open(place, "xb") as file:
        file.write(photo.read_bytes())

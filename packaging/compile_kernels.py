"""Compiles the loops when imgfp is set up, so that the first scan need not. No loss where it goes wrong."""

from __future__ import annotations

import shutil

from engine.decode.loops import LOOPS as DECODE
from engine.locations import installed_kernels_dir

GROUPS = (DECODE,)


def main() -> None:
    """Code for this processor, in place of what an earlier set-up left."""
    folder = installed_kernels_dir()
    if any(group.load_from(folder) is None for group in GROUPS):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o755, parents=True)
        for group in GROUPS:
            group.compile_to(folder)
        for made in folder.iterdir():
            made.chmod(0o644)  # also for who runs the program without having set it up


if __name__ == "__main__":
    main()

"""Compiles the loops that read JPEGs when imgfp is set up, so that the first scan need not. No loss where it goes wrong."""

from __future__ import annotations

import shutil

from engine.decode.compiled import kernels
from engine.locations import installed_kernels_dir


def main() -> None:
    """Code for this processor, in place of what an earlier set-up left."""
    folder = installed_kernels_dir()
    if kernels.load(folder) is None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o755, parents=True)
        kernels.make(folder)
        for made in folder.iterdir():
            made.chmod(0o644)  # also for who runs the program without having set it up


if __name__ == "__main__":
    main()

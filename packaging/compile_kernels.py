"""Compiles the loops when imgfp is set up, so that the first scan need not. No loss where it goes wrong."""

from __future__ import annotations

from engine import fingerprint
from engine.decode.loops import LOOPS as DECODE
from engine.locations import installed_kernels_dir
from engine.match.loops import LOOPS as MATCH

GROUPS = (DECODE, *fingerprint.LOOPS, *MATCH)


def main() -> None:
    """Code for this processor, in place of what an earlier set-up left."""
    folder = installed_kernels_dir()
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    for group in GROUPS:
        if group.load_from(folder) is None:
            for stale in folder.glob(f"{group.name}-*.code"):
                stale.unlink()
            group.compile_to(folder)
    for made in folder.glob("*.code"):
        made.chmod(0o644)  # also for who runs the program without having set it up


if __name__ == "__main__":
    main()

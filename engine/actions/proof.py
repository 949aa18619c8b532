"""Proves keepers at the moment of acting: the whole digest is the plan's, and the picture still opens.

The expensive part happens once per keeper and run; every file that counts on a keeper then gets a cheap look at it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from engine.actions import primitives, refusals
from engine.actions.descriptors import Identity, OpenFile, Roots, stat_facts
from engine.actions.plan import PlanFile
from engine.actions.settle import Need, Shot
from engine.errors import ActionError, EngineError
from engine.names import base_name
from engine.records import StatFacts, Tier

CheckReadable = Callable[[bytes, int], None]
"""(path, size) → None; asks a worker to decode the file in full, raises DecodeError where no whole picture comes out."""


class _NoKeeperError(Exception):
    """Why a file cannot be a keeper, as the end of a sentence that begins with its name."""


class Keepers:
    """The keepers of one run."""

    def __init__(self, roots: Roots, check_readable: CheckReadable) -> None:
        self._roots = roots
        self._check_readable = check_readable
        self._proven: dict[tuple[bytes, bytes], StatFacts] = {}
        self._decoded: set[tuple[bytes, bytes]] = set()
        self._failed: dict[tuple[bytes, bytes], str] = {}

    def stand_by(self, shot: Shot, need: Need, parts: Collection[Identity]) -> OpenFile:
        """An opened keeper that is proven now; the caller closes it.

        parts: identities of the shot's own files, of which a keeper must be none. Raises ActionError (last copy, keeper gone).
        """
        picture = shot.parts[-1].path
        error = refusals.last_copy(picture, "nothing of its cluster would be kept")
        for keeper in need.keepers:
            try:
                file = self._prove(keeper, picture, decode=needs_decode(need, keeper))
            except ActionError as found:
                error = found
                continue
            if file.identity not in parts:
                return file
            file.close()
            error = refusals.last_copy(picture, f"{base_name(keeper.path)} is the same file under another name")
        raise error

    def _prove(self, keeper: PlanFile, picture: bytes, *, decode: bool) -> OpenFile:
        key = (keeper.path, keeper.blake3)
        if key not in self._failed:
            try:
                return self._look(keeper, key, decode=decode)
            except _NoKeeperError as error:
                self._failed[key] = f"the photo to keep, {base_name(keeper.path)}, {error}"
        raise refusals.keeper_gone(picture, self._failed[key])

    def _look(self, keeper: PlanFile, key: tuple[bytes, bytes], *, decode: bool) -> OpenFile:
        try:
            file = self._roots.open_file(keeper.path)
        except ActionError as error:
            raise _NoKeeperError("is gone" if error.code == refusals.ABSENT else f"cannot be opened ({error.message})") from error
        try:
            known = self._proven.get(key)
            if known is None or not known.same_file_state(stat_facts(file.facts)):
                self._decoded.discard(key)
                if file.facts.st_size != keeper.size or file.digest() != keeper.blake3:
                    raise _NoKeeperError("changed since it was scanned")
                self._proven[key] = stat_facts(file.facts)
            if decode and key not in self._decoded:
                self._decode(keeper, file)
                self._decoded.add(key)
        except BaseException as error:
            file.close()
            if isinstance(error, OSError):
                raise _NoKeeperError(f"cannot be read ({error.strerror})") from error
            if isinstance(error, ActionError):
                raise _NoKeeperError("changed while it was read") from error
            raise
        return file

    def _decode(self, keeper: PlanFile, file: OpenFile) -> None:
        try:
            self._check_readable(keeper.path, keeper.size)
        except EngineError as error:
            raise _NoKeeperError(f"does not open any more ({error.message})") from error
        # The worker went by path: it was this file only if nothing moved meanwhile.
        if not stat_facts(primitives.facts(file.descriptor)).same_file_state(stat_facts(file.facts)) or not file.is_still_named():
            raise _NoKeeperError("changed while it was read")

    def look_again(self, keeper: OpenFile, picture: bytes) -> None:
        """After a move: the keeper is still linked, unchanged, and its name still leads to it. Raises ActionError."""
        name = base_name(keeper.path)
        now = primitives.facts(keeper.descriptor)
        if now.st_nlink < 1 or not stat_facts(now).same_file_state(stat_facts(keeper.facts)):
            raise refusals.keeper_gone(picture, f"the photo to keep, {name}, changed at that moment")
        try:
            with self._roots.open_file(keeper.path) as found:
                same = found.identity == keeper.identity
        except ActionError:
            same = False
        if not same:
            raise refusals.keeper_gone(picture, f"the photo to keep, {name}, went away at that moment")


def needs_decode(need: Need, keeper: PlanFile) -> bool:
    """Equal bytes need no decoder; anything else does, and a plan's claim of equal bytes is checked against its digests."""
    if need.tier is Tier.IDENTICAL:
        return need.digests != {keeper.blake3}
    return need.tier is not Tier.SAME_DATA

"""The order in which a progressive JPEG sends its bits: what libjpeg would warn of, or smooth over, is refused."""

from __future__ import annotations

from engine.decode.jpeg_header import RefusedError, ScanHeader

COEFFICIENTS = 64
MOST_LOW = 13
NOTHING = -1


class Progression:
    """How exactly each coefficient of each component is known: lowest bit sent, NOTHING before the first."""

    def __init__(self, components: int) -> None:
        self._lowest = [[NOTHING] * COEFFICIENTS for _ in range(components)]

    def take(self, scan: ScanHeader) -> None:
        """Add a scan. Raises RefusedError when it does not follow from the ones before."""
        if scan.first:
            sound = scan.first <= scan.last < COEFFICIENTS and len(scan.components) == 1
        else:
            sound = scan.last == 0
        if not sound or scan.low > MOST_LOW or (scan.high and scan.low != scan.high - 1):
            raise RefusedError("odd scans")
        for number, _, _ in scan.components:
            lowest = self._lowest[number]
            if scan.first and lowest[0] == NOTHING:
                raise RefusedError("odd scans")
            for k in range(scan.first, scan.last + 1):
                if (lowest[k] != scan.high or not scan.high) and (lowest[k] != NOTHING or scan.high):
                    raise RefusedError("odd scans")
                lowest[k] = scan.low

    def check_whole(self) -> None:
        """Every bit of every coefficient was sent: libjpeg smooths a picture of which some are missing. Raises RefusedError."""
        if any(low != 0 for lowest in self._lowest for low in lowest):
            raise RefusedError("scans missing")

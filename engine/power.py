"""Whether this computer runs on its battery now."""

from __future__ import annotations

import logging
from typing import Protocol

log = logging.getLogger(__name__)


class PowerProbe(Protocol):
    """Tells where the power comes from; a fake one decides in tests."""

    def on_battery(self) -> bool:
        """True when a battery is being emptied. False with mains power, without a battery, and where nobody can tell."""


class SystemPower:
    """What the system says."""

    def on_battery(self) -> bool:
        """See `PowerProbe`."""
        import psutil  # only who asks for it pays for it

        try:
            battery = psutil.sensors_battery()
        except (OSError, RuntimeError, AttributeError, NotImplementedError, ValueError):  # a driver that talks nonsense
            log.debug("event=battery_unknown", exc_info=True)
            return False
        return battery is not None and battery.power_plugged is False

"""Push buttons of pages and sheets, with what screen readers need."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton

from imgfp_gui import icons
from imgfp_gui.parts.button import ICON_PLACE


def push(text: str, icon: str = "", *, look: str = "", name: str = "") -> QPushButton:
    """A button. look: ``primary`` ``outlined`` ``flat`` or nothing. name: for screen readers, the text where it says enough.

    A button without text is square and has its name as tooltip.
    """
    button = QPushButton(text)
    button.setAccessibleName(name or text.removesuffix("…"))
    button.setAutoDefault(False)
    if icon:
        button.setIcon(icons.qicon(icon, "on_primary" if look == "primary" else "text"))
        button.setIconSize(ICON_PLACE)
    if look:
        button.setProperty(look, "true")
    if not text:
        button.setProperty("square", "true")
        button.setToolTip(name)
    return button

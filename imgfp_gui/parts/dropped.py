"""What was dropped on the window: folders count, single files do not."""

from __future__ import annotations

from PySide6.QtCore import QFileInfo, QMimeData


def holds_files(data: QMimeData) -> bool:
    """True when files or folders of this computer are dragged; nothing is looked up yet."""
    return any(url.isLocalFile() for url in data.urls())


def folders_of(data: QMimeData) -> list[str]:
    """The folders among them; one that is gone by now is the scan's to tell."""
    places = (url.toLocalFile() for url in data.urls() if url.isLocalFile())
    return [place for place in places if not QFileInfo(place).isFile()]

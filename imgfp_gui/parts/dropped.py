"""What is dragged over the window, as texts; nothing is looked up."""

from __future__ import annotations

from PySide6.QtCore import QMimeData


def holds_files(data: QMimeData) -> bool:
    """True when files or folders of this computer are dragged."""
    return any(url.isLocalFile() for url in data.urls())


def places_of(data: QMimeData) -> list[str]:
    """Their paths, each once."""
    return list(dict.fromkeys(url.toLocalFile() for url in data.urls() if url.isLocalFile()))

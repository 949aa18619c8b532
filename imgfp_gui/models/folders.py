"""The folders of the library as a tree. A folder is known by its exact path, so what is open or chosen survives every change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from engine.records import FolderView
from imgfp_gui.models import names, words

FOLDER_ROLE = Qt.ItemDataRole.UserRole
"""The `FolderView` of a row."""

MANY = 200
AWAITED = -1  # number of photos in a folder that was not counted yet

Index = QModelIndex | QPersistentModelIndex


class FolderTreeModel(QAbstractItemModel):
    """Rows as in the tuple of `FolderView`, below their parents. Index ids are places in that tuple."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folders: tuple[FolderView, ...] = ()
        self._children: dict[int, list[int]] = {}
        self._rows: list[int] = []
        self._by_path: dict[bytes, int] = {}

    def show(self, folders: tuple[FolderView, ...]) -> None:
        """Take a new tree over. Where only counts or locks differ no row comes or goes; else the model is reset.

        Of more than `MANY` changed rows not each is told, as a view would look at every one: repaint it whole.
        """
        if _shape(folders) == _shape(self._folders):
            changed = [n for n, folder in enumerate(folders) if folder != self._folders[n]]
            self._folders = folders
            below: dict[int, list[int]] = {}
            for number in changed[:MANY]:
                below.setdefault(folders[number].parent, []).append(number)
            for numbers in below.values():
                self.dataChanged.emit(self._index(numbers[0]), self._index(numbers[-1]))
            return
        self.beginResetModel()
        self._folders = folders
        self._children = {}
        self._rows = []
        for number, folder in enumerate(folders):
            below = self._children.setdefault(folder.parent, [])
            self._rows.append(len(below))
            below.append(number)
        self._by_path = {folder.path_bytes: number for number, folder in enumerate(folders)}
        self.endResetModel()

    def index_of(self, path_bytes: bytes) -> QModelIndex:
        """Index of the folder with this exact path, invalid when there is none."""
        number = self._by_path.get(path_bytes)
        return QModelIndex() if number is None else self._index(number)

    def roots(self) -> Iterator[FolderView]:
        """The folders that were added."""
        return (self._folders[number] for number in self._children.get(-1, ()))

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008 - Qt's own default
        below = self._children.get(parent.internalId() if parent.isValid() else -1, ())
        if column != 0 or not 0 <= row < len(below):
            return QModelIndex()
        return self.createIndex(row, 0, below[row])

    def parent(self, index: Index = QModelIndex()) -> Any:  # noqa: B008 - also QObject.parent()
        if not index.isValid():
            return QModelIndex()
        above = self._folders[index.internalId()].parent
        return QModelIndex() if above < 0 else self._index(above)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        if parent.isValid() and parent.column() != 0:
            return 0
        return len(self._children.get(parent.internalId() if parent.isValid() else -1, ()))

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        folder = self._folders[index.internalId()]
        if role == FOLDER_ROLE:
            return folder
        if role == Qt.ItemDataRole.DisplayRole:
            return folder_name(folder)
        if role == Qt.ItemDataRole.ToolTipRole:
            return names.tip("\n".join((folder.path, *self._states(folder)))).replace("\n", "<br>")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            photos = [words.photos(folder.photos)] if folder.photos != AWAITED else []
            return ", ".join([folder_name(folder), *photos, *self._states(folder)])
        return None

    def _states(self, folder: FolderView) -> list[str]:
        """What is special about a folder, in sentences."""
        said = []
        if folder.protected:
            said.append(self.tr("Protected: nothing in it is ever proposed or moved"))
        if folder.offline:
            said.append(self.tr("Not connected"))
        return said

    def _index(self, number: int) -> QModelIndex:
        return self.createIndex(self._rows[number], 0, number)


def with_awaited(folders: tuple[FolderView, ...], added: tuple[str, ...]) -> tuple[FolderView, ...]:
    """The tree, and below it the folders that were added but not counted yet (`AWAITED` photos)."""
    known = {folder.path_bytes for folder in folders if folder.parent < 0}
    if len(known) >= len(added):
        return folders
    paths = (folder.rstrip("/").encode("utf-8", "surrogateescape") or b"/" for folder in added)
    return (*folders, *(FolderView(names.shown(path), path, -1, AWAITED) for path in paths if path not in known))


def folder_name(folder: FolderView) -> str:
    """A folder's own name; the whole path where it has none (the root of a disk)."""
    return folder.path.rstrip("/").rsplit("/", 1)[-1] or folder.path


def _shape(folders: tuple[FolderView, ...]) -> list[tuple[bytes, int]]:
    return [(folder.path_bytes, folder.parent) for folder in folders]

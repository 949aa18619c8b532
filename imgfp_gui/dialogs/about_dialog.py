"""What this program is, and the licences of everything that is in it, whole and readable without a network."""

from __future__ import annotations

import platform
import tomllib
from importlib import metadata
from typing import Any

from PySide6.QtCore import QCoreApplication, QItemSelectionModel, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QPlainTextEdit, QWidget

from imgfp_gui import icons, theme
from imgfp_gui.dialogs.sheet import Sheet
from imgfp_gui.parts.push import push

WIDTH, LIST, HEIGHT = 760, 240, 320
FILES = Qt.ItemDataRole.UserRole


class AboutDialog(Sheet):
    """`aboutDialog`."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, WIDTH)
        self.setObjectName("aboutDialog")
        self.setAccessibleName(self.tr("About imgfp"))
        self.title.setText(self.tr("imgfp {0}").format(QCoreApplication.applicationVersion()))
        self.subtitle.setText(self.tr("Finds duplicate photos and helps to clean a library without losing a picture."))
        self.subtitle.show()
        free = QLabel(self.tr("Free software under the GNU General Public License, without warranty. It uses these parts:"))
        free.setWordWrap(True)
        self.parts = QListWidget()
        self.parts.setAccessibleName(self.tr("Parts"))
        self.parts.setFixedWidth(LIST)
        self.parts.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(self.tr("Licence"))
        self.text.setTabChangesFocus(True)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_M)
        row.addWidget(self.parts)
        row.addWidget(self.text, 1)
        self.text.setMinimumHeight(HEIGHT)
        self.body.addWidget(free)
        self.body.addLayout(row)
        self._fill()
        close = push(self.tr("Close"))
        close.clicked.connect(self.accept)
        self.foot.addStretch()
        self.foot.addWidget(close)

    def _fill(self) -> None:
        for part in tomllib.loads(icons.text_of("licences", "manifest.toml"))["part"]:
            item = QListWidgetItem(f"{part['name']} {version_of(part)}".strip())
            item.setToolTip(part["licence"])
            item.setData(FILES, part["files"])
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, part["licence"])
            self.parts.addItem(item)
        self.parts.currentItemChanged.connect(lambda item: self._show(item))
        self.parts.setCurrentRow(0, QItemSelectionModel.SelectionFlag.SelectCurrent)

    def _show(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            texts = [icons.text_of("licences", name).strip() for name in item.data(FILES)]
            self.text.setPlainText(("\n\n" + 72 * "-" + "\n\n").join([item.toolTip(), *texts]))


def version_of(part: dict[str, Any]) -> str:
    """The version of a part of the manifest as it is installed here, or nothing."""
    if part["name"] == "Python":
        return platform.python_version()
    if part["name"] == "imgfp":
        return QCoreApplication.applicationVersion()
    try:
        return metadata.version(part["package"]) if "package" in part else str(part.get("version", ""))
    except metadata.PackageNotFoundError:
        return ""

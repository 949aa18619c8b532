"""The question before a running scan is ended by closing the window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QCheckBox, QMessageBox

if TYPE_CHECKING:
    from imgfp_gui.main_window.window import MainWindow


def _tr(text: str) -> str:
    return QCoreApplication.translate("closing", text)


def ask(window: MainWindow, close: Callable[[], object]) -> None:
    """Ask once; `close` is called when the user says so. A second question is not opened over the first."""
    if window.findChild(QMessageBox, "closeDialog") is not None:
        return
    box = QMessageBox(window)
    box.setObjectName("closeDialog")
    box.setIcon(QMessageBox.Icon.NoIcon)
    box.setWindowTitle(_tr("Close while reading"))
    box.setText(_tr("Photos are still being read. Close anyway?"))
    box.setInformativeText(_tr("What was read so far stays stored. The next scan goes on from there."))
    end = box.addButton(_tr("Close"), QMessageBox.ButtonRole.AcceptRole)
    stay = box.addButton(_tr("Keep reading"), QMessageBox.ButtonRole.RejectRole)
    never = QCheckBox(_tr("Do not ask again"))
    box.setCheckBox(never)
    for part in (end, stay, never):
        part.setAccessibleName(part.text())
    box.setDefaultButton(stay)  # type: ignore[call-overload]
    box.setEscapeButton(stay)  # type: ignore[call-overload]

    def finish() -> None:
        box.setObjectName("")
        box.deleteLater()
        if box.clickedButton() is end:
            if never.isChecked():
                window.controller.preferences.set("confirm_close", False)
            close()

    box.finished.connect(lambda _: finish())
    window.controller.scan_finished.connect(box.reject)
    box.open()

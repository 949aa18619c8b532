"""What can be done with a folder of the list: protect it, look at it, take it off the list. Nothing on disk changes."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMenu, QWidget

from engine.records import FolderView
from imgfp_gui.controller import ReviewController
from imgfp_gui.models.folder_locks import FolderLocks
from imgfp_gui.models.folders import folder_name

translate = QCoreApplication.translate


def folder_menu(folder: FolderView, controller: ReviewController, locks: FolderLocks, parent: QWidget) -> QMenu:
    """The menu of a row. Only folders that were added can be taken off the list."""
    menu = QMenu(parent)
    menu.setAccessibleName(folder_name(folder))
    menu.setToolTipsVisible(True)
    protect = menu.addAction(translate("folders", "Protect"))
    protect.setCheckable(True)
    protect.setChecked(folder.protected)
    protect.setToolTip(locks.tip(folder))
    protect.setEnabled(locks.is_free(folder))
    protect.triggered.connect(lambda _=False: locks.toggle(folder))
    show = menu.addAction(translate("folders", "Show in file manager"))
    show.setEnabled(not folder.offline)
    show.triggered.connect(lambda _=False: controller.show_in_file_manager(folder.path_bytes + b"/"))
    if folder.parent < 0:
        menu.addSeparator()
        remove = menu.addAction(translate("folders", "Remove from this list"))
        remove.setToolTip(translate("folders", "Only from the list: no photo and no folder is touched."))
        remove.triggered.connect(lambda _=False: _remove(folder, controller))
    return menu


def _remove(folder: FolderView, controller: ReviewController) -> None:
    path = folder.path_bytes.decode("utf-8", "surrogateescape")
    added = next((given for given in controller.folders if given.rstrip("/") == path.rstrip("/")), path)
    controller.remove_folder(added)
    said = translate("folders", "“{0}” is no longer in the list. Its photos were not touched.")
    controller.noted.emit(said.format(folder_name(folder)))

"""Whoever does not see the window hears it: every object that can be used has a name, on every screen."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QApplication

from imgfp_gui.app import create
from imgfp_gui.main_window import MainWindow
from tests.support.library import make_library
from tests.support.sources import ROOT
from tests.support.walk import Walk

ROLE = QAccessible.Role
INTERACTIVE = {
    ROLE.PushButton,
    ROLE.CheckBox,
    ROLE.RadioButton,
    ROLE.ComboBox,
    ROLE.EditableText,
    ROLE.Slider,
    ROLE.SpinBox,
    ROLE.List,
    ROLE.ListItem,
    ROLE.Tree,
    ROLE.TreeItem,
    ROLE.Table,
    ROLE.Cell,
    ROLE.RowHeader,
    ROLE.ColumnHeader,
    ROLE.MenuItem,
    ROLE.PopupMenu,
    ROLE.ButtonMenu,
    ROLE.ButtonDropDown,
    ROLE.PageTab,
    ROLE.Link,
    ROLE.Dialog,
    ROLE.ProgressBar,
    ROLE.ScrollBar,
    ROLE.Graphic,
}
UNNAMED_BY_NATURE = {ROLE.ScrollBar}  # its value is all there is to say; arrows and Page do the same


@pytest.fixture
def window(qapp: QApplication) -> Iterator[MainWindow]:
    """A window of its own on a session of its own."""
    _, window = create(["imgfp-gui", "--theme", "dark"])
    window.resize(1280, 800)
    yield window
    window.close()
    window.deleteLater()


def _objects(found: QAccessibleInterface | None, place: str = "") -> Iterator[tuple[str, QAccessibleInterface]]:
    """Everything that is there to be heard, with the way to it."""
    if found is None or not found.isValid() or found.state().invisible:  # type: ignore[attr-defined]
        return
    thing = found.object()
    here = f"{place}/{thing.objectName() or type(thing).__name__ if thing else found.role().name}"
    yield here, found
    for number in range(found.childCount()):
        yield from _objects(found.child(number), here)


def _nameless() -> list[str]:
    """Places of usable objects without a name in all visible windows."""
    bad = []
    for top in QApplication.topLevelWidgets():
        if not top.isVisible():
            continue
        for place, found in _objects(QAccessible.queryAccessibleInterface(top)):
            usable = found.role() in INTERACTIVE - UNNAMED_BY_NATURE or found.state().focusable  # type: ignore[attr-defined]
            if usable and not found.text(QAccessible.Text.Name).strip():
                bad.append(f"{place} ({found.role().name})")
    return bad


def test_every_usable_object_on_every_screen_has_a_name(window: MainWindow, tmp_path: Path) -> None:
    photos, lonely = tmp_path / "Photos", tmp_path / "Field trips"
    shutil.copytree(ROOT / "resources" / "sample", photos)
    (photos / "DCIM" / "DSC_0499.jpg").write_bytes((photos / "DCIM" / "P5140211.jpg").read_bytes()[:90_000])
    make_library(lonely, originals=0, alone=4, flat=0)
    bad: dict[str, list[str]] = {}
    heard: dict[str, int] = {}

    def listen(screen: str) -> None:
        heard[screen] = sum(1 for _ in _objects(QAccessible.queryAccessibleInterface(window)))
        if found := _nameless():
            bad[screen] = found

    Walk(window, listen).through([str(photos)], str(lonely), str(photos / "Quarantine"))

    assert bad == {}
    assert len(heard) >= 18 and min(heard.values()) > 10  # there was something to hear on each


def test_a_photo_tells_its_place_its_name_and_what_is_decided(window: MainWindow, tmp_path: Path) -> None:
    photos = tmp_path / "Photos"
    shutil.copytree(ROOT / "resources" / "sample", photos)
    walk = Walk(window, lambda _: None)
    window.controller.add_folders([str(photos)])
    walk.wait(lambda: not window.controller.scanning, window.controller.working_changed)
    window.controller.start_reviewing()
    walk.do("view.side")
    walk.visit("side by side")

    names = {found.text(QAccessible.Text.Name) for _, found in _objects(QAccessible.queryAccessibleInterface(window))}

    photo = [name for name in names if name.startswith("Photo 2 of 2")]
    assert photo and any("IMG_2207.jpg" in name and "trash" in name for name in photo), sorted(names)

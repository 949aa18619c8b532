"""What stands in the middle while no cluster is selected, and the one thing that helps."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from imgfp_gui import theme
from imgfp_gui.controller import ClusterFilter, ReviewController


class EmptyNote(QFrame):
    """A few words and sometimes a button."""

    def __init__(self, controller: ReviewController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("compareEmpty")
        self._controller = controller
        self._title, self._text = QLabel(), QLabel()
        self._title.setProperty("role", "page")
        self._text.setProperty("role", "second")
        self._text.setWordWrap(True)
        self._all = QPushButton(self.tr("Show all clusters"))
        self._all.setAccessibleName(self._all.text())
        self._all.clicked.connect(lambda: controller.set_filter(ClusterFilter()))
        layout = QVBoxLayout(self)
        layout.setSpacing(theme.SPACE_M)
        layout.addStretch(2)
        for label in (self._title, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(label)
        layout.addWidget(self._all, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)

    def refresh(self) -> None:
        """Say why nothing is here now."""
        controller = self._controller
        hidden = bool(controller.snapshot.clusters) and not len(controller.queue)
        self._all.setVisible(hidden and controller.queue.filter != ClusterFilter())
        if hidden and controller.queue.filter != ClusterFilter():
            title = self.tr("No cluster matches the filter")
            text = self.tr("Choose other states, or show all clusters.")
        elif hidden:
            title = self.tr("Every cluster is decided")
            text = self.tr("Apply moves what is marked for the trash, after a summary.")
        elif controller.snapshot.clusters:
            title, text = self.tr("No cluster is selected"), self.tr("Choose one in the list to see its photos.")
        elif controller.scanning:
            title = self.tr("Looking for photos that belong together")
            text = self.tr("The first clusters appear here while reading goes on.")
        else:
            title = self.tr("No duplicates at this line")
            text = self.tr("Lower the line to see photos that are less alike, or add another folder.")
        self._title.setText(title)
        self._text.setText(text)

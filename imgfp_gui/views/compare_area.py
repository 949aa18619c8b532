"""The middle of the window: the photos of the selected cluster under a line of facts, or a few words when there are none."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from engine.records import Cluster
from imgfp_gui import theme
from imgfp_gui.controller import ReviewController
from imgfp_gui.models import words
from imgfp_gui.models.pictures import Pictures
from imgfp_gui.views.member_grid import MemberGrid


class CompareArea(QFrame):
    """`compareArea`: start page, waiting page, proof that nothing was found, or the photos."""

    def __init__(self, controller: ReviewController, pictures: Pictures, add: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("compareArea")
        self._controller = controller
        self.grid = MemberGrid(controller, pictures)
        self._title, self._facts = QLabel(), QLabel()
        self._title.setProperty("role", "heading")
        self._facts.setProperty("role", "dim")
        self._page_title, self._page_text = QLabel(), QLabel()
        self._page_title.setProperty("role", "title")
        self._page_text.setWordWrap(True)
        self._add = QPushButton(add.text())
        self._add.setObjectName("startAddFolder")
        self._add.setAccessibleName(add.text().removesuffix("…"))
        self._add.setProperty("primary", "true")
        self._add.setFocus()
        self._add.clicked.connect(add.trigger)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._page())
        self._stack.addWidget(self._review())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        controller.cluster_selected.connect(self._show)
        controller.clusters_changed.connect(lambda _: self._show(controller.cluster))
        controller.working_changed.connect(lambda _: self._show(controller.cluster))
        controller.folders_changed.connect(lambda _: self._show(controller.cluster))
        self._show(None)

    def _page(self) -> QWidget:
        page = QWidget()
        page.setObjectName("startPage")
        for label in (self._page_title, self._page_text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        layout = QVBoxLayout(page)
        layout.setSpacing(theme.SPACE_M)
        layout.addStretch(2)
        layout.addWidget(self._page_title)
        layout.addWidget(self._page_text)
        layout.addWidget(self._add, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)
        return page

    def _review(self) -> QWidget:
        header = QFrame()
        header.setObjectName("compareHeader")
        line = QHBoxLayout(header)
        line.setContentsMargins(theme.SPACE_M, theme.SPACE_S, theme.SPACE_M, theme.SPACE_S)
        line.addWidget(self._title)
        line.addWidget(self._facts)
        line.addStretch()
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(header)
        layout.addWidget(self.grid)
        return page

    def _show(self, cluster: Cluster | None) -> None:
        self._stack.setCurrentIndex(0 if cluster is None else 1)
        if cluster is None:
            self._show_page()
            return
        clusters = self._controller.snapshot.clusters
        number = next((n for n, other in enumerate(clusters, 1) if other.key == cluster.key), 0)
        self._title.setText(self.tr("Cluster {0}").format(words.number(number)))
        photos, alike = words.photos(len(cluster.members)), words.similarity_range(cluster)
        facts = self.tr("of {0} · {1}, {2} alike, {3}")
        self._facts.setText(facts.format(words.number(len(clusters)), photos, alike, words.tier(cluster.tier)))

    def _show_page(self) -> None:
        """What stands here while no cluster is there to look at."""
        controller = self._controller
        self._add.setVisible(not controller.working)
        if not controller.folders:
            title = self.tr("Add a folder with photos")
            text = self.tr("Or drop one here. Nothing is uploaded. Nothing leaves its place until you say so.")
        elif controller.scanning:
            title = self.tr("Looking for photos that belong together")
            text = self.tr("The first clusters appear here while reading goes on.")
        else:
            title = self.tr("No duplicates at this line")
            text = self.tr("Move the line to the left to see photos that are less alike, or add another folder.")
        self._page_title.setText(title)
        self._page_text.setText(text)

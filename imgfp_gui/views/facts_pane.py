"""The facts of the selected photo: what it is called, where it lies, how large it is, when it was taken, and why it is marked."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from engine.records import Cluster
from imgfp_gui import theme
from imgfp_gui.controller import ReviewController
from imgfp_gui.models import words


class FactsPane(QFrame):
    """`factsPane`: label and value in rows; empty without a photo."""

    def __init__(self, controller: ReviewController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("factsPane")
        self._controller = controller
        self._title = QLabel(self.tr("Photo"))
        self._title.setProperty("role", "heading")
        labels = (self.tr("Name"), self.tr("Folder"), self.tr("Pixels"), self.tr("Size"), self.tr("Format"), self.tr("Taken"))
        self._values = [QLabel() for _ in labels]
        layout = QGridLayout(self)
        layout.setContentsMargins(theme.SPACE_M, theme.SPACE_M, theme.SPACE_M, theme.SPACE_M)
        layout.setHorizontalSpacing(theme.SPACE_M)
        layout.setVerticalSpacing(theme.SPACE_XS)
        layout.setColumnStretch(1, 1)
        layout.addWidget(self._title, 0, 0, 1, 2)
        for row, (text, value) in enumerate(zip(labels, self._values, strict=True), 1):
            label = QLabel(text)
            label.setProperty("role", "dim")
            label.setBuddy(value)
            value.setAccessibleName(text)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            value.setMinimumWidth(1)
            layout.addWidget(label, row, 0)
            layout.addWidget(value, row, 1)
        self._why = QLabel()
        self._why.setObjectName("why")
        self._why.setWordWrap(True)
        layout.addWidget(self._why, len(labels) + 1, 0, 1, 2)
        controller.cluster_selected.connect(self._show)
        controller.photo_selected.connect(lambda _: self._show(controller.cluster))
        self._show(None)

    def _show(self, cluster: Cluster | None) -> None:
        photo = self._controller.photo
        view = self._controller.file(cluster.members[photo]) if cluster and photo < len(cluster.members) else None
        self.setVisible(view is not None)
        if view is None:
            return
        self._title.setText(self.tr("Photo {0}").format(words.number(photo + 1)))
        folder, _, name = view.path.rpartition("/")
        facts = (
            name,
            folder.rsplit("/", 1)[-1] or folder,
            words.pixels(view.width, view.height),
            words.size(view.size),
            (view.format or "").upper(),
            words.moment(view.taken),
        )
        verdict = next((v for v in cluster.verdicts if v.file == view.id), None) if cluster else None
        why = self.tr("{0}: {1}").format(words.suggest(verdict.suggest), verdict.reason) if verdict else ""
        self._why.setText(why)
        room = max(80, self.width() - 2 * theme.SPACE_M - 64)
        for value, text in zip(self._values, facts, strict=True):
            value.setText(value.fontMetrics().elidedText(text or self.tr("unknown"), Qt.TextElideMode.ElideMiddle, room))
            value.setToolTip(view.path)

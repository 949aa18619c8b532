"""Why two photos came together: how alike they are part by part, and in a sentence or two."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from engine.records import Cluster, Edit, PairView
from imgfp_gui import theme
from imgfp_gui.controller import ReviewController
from imgfp_gui.models import reasons, words
from imgfp_gui.models.kinds import weak_link
from imgfp_gui.models.pairing import SAME_SCORE, PairingFollower, between
from imgfp_gui.views.reason_bar import ReasonBar
from imgfp_gui.views.side_pane import SidePane, align

PARTS = ("structure", "detail", "overlap", "hash", "edges", "colour")
WHOLE_FRAME_PARTS = ("hash", "edges")  # they compare frame with frame, and say nothing of a photo that shows another frame
REFRAMED = frozenset(edit.label for edit in (Edit.CROP, Edit.BORDER, Edit.SCREEN, Edit.ROTATED))
LABEL, NUMBER = 80, 28
APART = 0.1  # the whole frame is told where it says something else than the aligned picture


class WhyPane(SidePane):
    """`whyPane`: a bar for each part of the similarity, and the reason in words."""

    def __init__(self, controller: ReviewController, pairing: PairingFollower, parent: QWidget | None = None) -> None:
        super().__init__("whyPane", controller.preferences, "why.folded", parent)
        self.heading.set_title(self.tr("Why"))
        self._controller = controller
        self._pairing = pairing
        self._rows = {part: _Part(name, tip) for part, (name, tip) in self._names().items()}
        self._reason = QLabel()
        self._reason.setObjectName("reason")
        self._reason.setProperty("role", "caption")
        self._reason.setWordWrap(True)
        align(self._reason)
        self._reason.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._arrange()
        pairing.changed.connect(self._look)
        controller.clusters_changed.connect(lambda _: self._say())  # another line may part what it showed as linked
        self._look()

    def _names(self) -> dict[str, tuple[str, str]]:
        """Name and tip of each part, in the order they are shown."""
        return {
            "structure": (self.tr("Structure"), self.tr("How well the details agree where one photo lies over the other")),
            "detail": (self.tr("Details"), self.tr("How many striking points of what both show lie at the same place")),
            "overlap": (self.tr("Shared area"), self.tr("How much both show of the photo that shares less of itself")),
            "hash": (self.tr("Whole frame"), self.tr("How alike light and dark are spread over both frames as a whole")),
            "edges": (self.tr("Edges"), self.tr("How alike the outlines run")),
            "colour": (self.tr("Colour"), self.tr("How alike colours and brightness are")),
        }

    def _arrange(self) -> None:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.SPACE_XS)
        grid.setVerticalSpacing(0)
        grid.setColumnMinimumWidth(0, LABEL)
        grid.setColumnMinimumWidth(2, NUMBER)
        grid.setColumnStretch(1, 1)
        for row, part in enumerate(self._rows.values()):
            for column, widget in enumerate((part.label, part.bar, part.number)):
                grid.addWidget(widget, row, column)
        inner = QVBoxLayout(self.body)
        inner.setContentsMargins(theme.SPACE_M, 0, theme.SPACE_M, theme.SPACE_S)
        inner.setSpacing(6)
        inner.addLayout(grid)
        inner.addWidget(self._reason)

    def _look(self) -> None:
        pair = self._pairing.pair
        self.heading.set_title(self.tr("Why {0}").format(words.isolated(words.percent(pair.score))) if pair else self.tr("Why"))
        told = told_parts(pair)
        for name, row in self._rows.items():
            row.show_share(told.get(name))
        self._say()

    def _say(self) -> None:
        self._reason.setText(" ".join(self._sentences()))
        self._reason.setAccessibleName(self._reason.text())

    def _sentences(self) -> list[str]:
        now, pair, cluster = self._pairing.current, self._pairing.pair, self._controller.cluster
        if cluster is None or len(now.files) < 2:
            return [self.tr("With two photos side by side, this tells how alike they are.")]
        a, b = now.tags
        if cluster.provisional:
            return [reasons.first_look(a, b)]
        first, second = (self._controller.file(file) for file in now.files)
        said = [reasons.reason(pair, first, second, a, b)] if pair and first and second else []
        others = () if _linked(pair, self._controller.snapshot.line) else self._between(cluster)
        if others:
            said.append(reasons.through([unit + 1 for unit in others], a, b))
        elif pair and _is_weakest(pair, cluster):
            said.append(reasons.weakest())
        return said or [self.tr("Nothing more is known about these two.")]

    def _between(self, cluster: Cluster) -> tuple[int, ...]:
        links, line = self._controller.links(cluster), self._controller.snapshot.line
        return between(cluster.units, links, line, *self._pairing.current.units)


class _Part:
    """Name, bar and number of a part."""

    def __init__(self, name: str, tip: str) -> None:
        self.label, self.bar, self.number = QLabel(name), ReasonBar(), QLabel()
        self.label.setProperty("role", "dim")
        self.label.setToolTip(tip)
        self.number.setProperty("role", "caption")
        align(self.label)
        align(self.number, Qt.AlignmentFlag.AlignRight)
        self.bar.setAccessibleName(name)
        self.bar.setToolTip(tip)

    def show_share(self, share: float | None) -> None:
        """0..1, None for not told."""
        for widget in (self.label, self.bar, self.number):
            widget.setVisible(share is not None)
        if share is not None:
            whole = 100 if share >= 1 else min(99, round(100 * share))
            self.bar.show_value(whole)
            self.number.setText(words.number(whole))


def told_parts(pair: PairView | None) -> dict[str, float]:
    """The parts worth a bar: where the frames show different parts, how those agree that lie on each other; else the frames, too,
    the whole of them only where it differs from the aligned picture."""
    if pair is None:
        return {}
    told = {name: pair.parts[name] for name in PARTS if name in pair.parts}
    if not REFRAMED.isdisjoint(pair.edits):
        return {name: share for name, share in told.items() if name not in WHOLE_FRAME_PARTS}
    told.pop("overlap", None)
    if abs(told.get("hash", 0.0) - told.get("structure", 0.0)) < APART:
        told.pop("hash", None)
    return told


def _linked(pair: PairView | None, line: float) -> bool:
    return pair is not None and pair.score >= line - SAME_SCORE


def _is_weakest(pair: PairView, cluster: Cluster) -> bool:
    """True for the link at which a cluster of several would come apart first, where that is far weaker than the others."""
    return weak_link(cluster) and abs(pair.score - cluster.weakest) < SAME_SCORE

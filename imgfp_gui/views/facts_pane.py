"""The facts of the two photos in question beside each other; what they agree in folds away."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QCheckBox, QLabel, QToolButton, QVBoxLayout, QWidget

from engine.records import Tier
from imgfp_gui import icons, theme
from imgfp_gui.controller import ReviewController
from imgfp_gui.models.facts import Fact, Photo, facts_of
from imgfp_gui.models.facts_table import FactsTableModel
from imgfp_gui.models.luma import Luma
from imgfp_gui.models.pairing import PairingFollower
from imgfp_gui.models.pictures import Pictures
from imgfp_gui.views.facts_table import FactsTable
from imgfp_gui.views.side_pane import SidePane, align

DIFFERENCES = "facts.only_differences"


class FactsPane(SidePane):
    """`factsPane`: a heading that folds, the table of what differs, and below it, folded, what is the same."""

    def __init__(
        self, controller: ReviewController, pictures: Pictures, pairing: PairingFollower, parent: QWidget | None = None
    ) -> None:
        super().__init__("factsPane", controller.preferences, "facts.folded", parent, line=False)
        self.heading.set_title(self.tr("Facts"))
        self._controller = controller
        self._facts: tuple[Fact, ...] = ()
        self._pairing = pairing
        self._unfolded = False
        self._luma = Luma(pictures, self)
        self._differing = FactsTableModel(self._luma, self)
        self._agreeing = FactsTableModel(None, self)
        self._only = self._make_only()
        self._more = self._make_more()
        self._nothing = QLabel(self.tr("Select a cluster to see the facts of its photos."))
        self._nothing.setProperty("role", "dim")
        self._nothing.setWordWrap(True)
        align(self._nothing)
        self._arrange()
        controller.library_opened.connect(self._luma.clear)
        self._pairing.changed.connect(self._look)
        self.preferences.changed.connect(self._heed)
        self._fill()

    def _make_only(self) -> QCheckBox:
        box = QCheckBox(self.tr("Only differences"))
        box.setObjectName("onlyDifferences")
        box.setAccessibleName(box.text())
        box.setToolTip(self.tr("Fold away the facts in which the photos agree"))
        box.setFont(theme.sized(self.font(), theme.STEP_CAPTION))
        box.setMinimumHeight(theme.HIT_MIN)
        box.setChecked(bool(self.preferences.get(DIFFERENCES)))
        box.toggled.connect(self._limit)
        return box

    def _make_more(self) -> QToolButton:
        more = QToolButton()
        more.setObjectName("moreFacts")
        for quality in ("flat", "small", "fold"):
            more.setProperty(quality, "true")
        more.setFont(theme.sized(self.font(), theme.STEP_CAPTION))
        more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        more.clicked.connect(lambda: self._unfold(not self._unfolded))
        return more

    def _arrange(self) -> None:
        self.heading.add(self._only)
        table = FactsTable(self._differing)
        table.setObjectName("factsTable")
        table.setAccessibleName(self.tr("Facts"))
        self._table = table
        self._rest = FactsTable(self._agreeing, tags=False)
        self._rest.setObjectName("sameFactsTable")
        self._rest.setAccessibleName(self.tr("Facts in which the photos agree"))
        inner = QVBoxLayout(self.body)
        inner.setContentsMargins(theme.SPACE_M, 0, theme.SPACE_M, theme.SPACE_XS)
        inner.setSpacing(0)
        for widget in (self._nothing, table, self._more, self._rest):
            inner.addWidget(widget)

    def _heed(self, name: str) -> None:
        if name == DIFFERENCES:
            self._only.setChecked(bool(self.preferences.get(DIFFERENCES)))

    def _limit(self, only: bool) -> None:
        self.preferences.set(DIFFERENCES, only)
        self._fill()

    def _look(self) -> None:
        """Read the facts of the photos that are in question now."""
        now, pair = self._pairing.current, self._pairing.pair
        photos = [photo for file in now.files if (photo := self._photo(file))]
        moment = pair is not None and pair.tier is Tier.SAME_MOMENT
        self._facts = facts_of(photos, one_moment=moment) if len(photos) == len(now.files) else ()
        self._fill()

    def _photo(self, file: int) -> Photo | None:
        look_up = self._controller.file
        view = look_up(file)
        companions = tuple(other for other in map(look_up, view.companions) if other) if view else ()
        return Photo(view, companions) if view else None

    def _fill(self) -> None:
        now, shown = self._pairing.current, bool(self._facts)
        same = [fact for fact in self._facts if fact.same] if self._only.isChecked() else []
        tags, files = (now.tags, now.files) if shown else ((), ())
        self._differing.show([fact for fact in self._facts if fact not in same], tags, files)
        self._agreeing.show(same, tags, files)
        self._nothing.setVisible(not shown)
        self._table.setVisible(shown)
        self._more.setVisible(bool(same))
        self._more.setText(_same_text(len(same)))
        self._more.setAccessibleName(self._more.text())
        self._unfold(self._unfolded)

    def _unfold(self, unfolded: bool) -> None:
        """Show what is the same, or fold it away; stays so from cluster to cluster."""
        self._unfolded = unfolded
        self._more.setIcon(icons.qicon("chevron-down" if unfolded else "chevron-right", "dim"))
        self._more.setAccessibleDescription(self.tr("open") if unfolded else self.tr("folded"))
        self._rest.setVisible(unfolded and not self._more.isHidden())


def _same_text(count: int) -> str:
    """How many facts are folded away."""
    if count == 1:
        return QCoreApplication.translate("FactsPane", "1 more is the same")
    return QCoreApplication.translate("FactsPane", "%Ln more are the same", "", count)

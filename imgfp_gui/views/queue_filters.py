"""Which clusters the list shows and in which order: by how far one is with them, by a name, by kind. Says what is in force."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QMenu, QToolButton, QVBoxLayout, QWidget

from engine.records import ClusterState, Tier
from imgfp_gui import icons, theme
from imgfp_gui.control.queue import ClusterFilter
from imgfp_gui.control.totals import Totals
from imgfp_gui.controller import ReviewController
from imgfp_gui.models import words
from imgfp_gui.parts.fold_heading import FoldHeading
from imgfp_gui.views.filter_row import FilterRow

TYPING_MS = 150  # after the last letter; what is typed fast is searched for once


class QueueFilters(QFrame):
    """`queueFilters`. No state pressed means all of them. actions: commands by id."""

    def __init__(self, controller: ReviewController, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("queueFilters")
        self._controller = controller
        self._body, self._search_place = QWidget(), QWidget()
        self.heading = FoldHeading(self.tr("Clusters"), self._body)
        self._search_button = self.heading.add_button("search", self.tr("Search by name"), actions["queue.filter"])
        self._tier_button = self.heading.add_button("list-filter", self.tr("Filter by kind"))
        self._sort_button = self.heading.add_button("arrow-down-wide-narrow", self.tr("Order"))
        self.search = self._make_search()
        self.search.installEventFilter(self)
        self._in_force, self._in_force_text = self._make_in_force()
        self._rows = {state: FilterRow(state, name) for state, name in self._names().items()}
        self._tiers = self._make_tier_menu()
        self._sorts = self._make_sort_menu()
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._typing.timeout.connect(self._apply)
        self._arrange()
        self._recall()
        for part in (*self._rows.values(), *self._tiers.values()):
            part.toggled.connect(lambda _: self._apply())
        controller.queue_changed.connect(self._show)
        controller.clusters_changed.connect(lambda _: self._show())
        controller.working_changed.connect(lambda _: self._show())
        controller.totals_changed.connect(self._show_totals)
        self._show_totals(controller.totals)
        self._show()

    def open_search(self) -> None:
        """Show the search field and give it the keyboard."""
        self.heading.fold(False)
        self._search_place.show()
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def close_search(self) -> None:
        """Clear the search field and put it away."""
        self.search.clear()
        self._search_place.hide()
        self._typing.stop()
        self._apply()

    def clear(self) -> None:
        """Show all clusters again."""
        for row in self._rows.values():
            row.setChecked(False)
        for action in self._tiers.values():
            action.setChecked(False)
        self.close_search()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """In the search field: Esc clears and leaves, Enter and the arrow down go to the list."""
        if watched is self.search and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape:
                self.close_search()
                self._to_list()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
                self._typing.stop()
                self._apply()
                self._to_list()
                return True
        return super().eventFilter(watched, event)

    # ------------------------------------------------------------------------------------------------ building

    def _names(self) -> dict[ClusterState, str]:
        return {
            ClusterState.UNDECIDED: self.tr("Undecided"),
            ClusterState.PROPOSED: self.tr("Proposed"),
            ClusterState.DECIDED: self.tr("Decided"),
            ClusterState.ASIDE: self.tr("Set aside"),
        }

    def _make_search(self) -> QLineEdit:
        field = QLineEdit()
        field.setObjectName("queueSearch")
        field.setAccessibleName(self.tr("Part of a file or folder name"))
        field.setPlaceholderText(self.tr("File or folder name"))
        field.addAction(icons.qicon("search", "dim"), QLineEdit.ActionPosition.LeadingPosition)
        clear = field.addAction(icons.qicon("x", "dim"), QLineEdit.ActionPosition.TrailingPosition)
        clear.setText(self.tr("Clear"))
        clear.setVisible(False)
        clear.triggered.connect(lambda _=False: field.clear())
        for button in field.findChildren(QToolButton):
            button.setAccessibleName(button.defaultAction().text() or self.tr("Search"))
        field.textChanged.connect(lambda text: clear.setVisible(bool(text)))
        field.textChanged.connect(lambda _: self._typing.start())
        return field

    def _make_in_force(self) -> tuple[QWidget, QLabel]:
        line, text, button = QWidget(), QLabel(), QToolButton()
        text.setProperty("role", "dim")
        text.setWordWrap(True)
        button.setIcon(icons.qicon("x"))
        button.setAccessibleName(self.tr("Show all clusters"))
        button.setToolTip(self.tr("Show all clusters"))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for quality in ("flat", "small", "square"):
            button.setProperty(quality, "true")
        button.clicked.connect(self.clear)
        layout = QHBoxLayout(line)
        layout.setContentsMargins(theme.SPACE_M, 2, theme.SPACE_S, 2)
        layout.setSpacing(theme.SPACE_XS)
        layout.addWidget(text, 1)
        layout.addWidget(button)
        line.hide()
        return line, text

    def _make_tier_menu(self) -> dict[Tier, QAction]:
        menu = self._menu(self._tier_button, self.tr("Filter by kind"))
        made = {}
        for tier in Tier:
            action = menu.addAction(words.tier(tier)[:1].upper() + words.tier(tier)[1:])
            action.setCheckable(True)
            made[tier] = action
        menu.addSeparator()
        menu.addAction(self.tr("All kinds")).triggered.connect(lambda _=False: [a.setChecked(False) for a in made.values()])
        return made

    def _make_sort_menu(self) -> dict[str, QAction]:
        menu = self._menu(self._sort_button, self.tr("Order"))
        group = QActionGroup(menu)
        made = {}
        for name, text in self._sort_names().items():
            action = menu.addAction(text)
            action.setCheckable(True)
            group.addAction(action)
            action.triggered.connect(lambda _=False, name=name: self._controller.set_sort(name))
            made[name] = action
        return made

    def _sort_names(self) -> dict[str, str]:
        return {
            "space": self.tr("Most space to win"),
            "certain": self.tr("Most certain"),
            "line": self.tr("Nearest the line"),
        }

    def _menu(self, button: QToolButton, name: str) -> QMenu:
        menu = QMenu(button)
        menu.setAccessibleName(name)
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return menu

    def _arrange(self) -> None:
        field = QHBoxLayout(self._search_place)
        field.setContentsMargins(theme.SPACE_M, 2, theme.SPACE_M, 6)  # room for the ring round it
        field.addWidget(self.search)
        self._search_place.hide()
        body = QVBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, theme.SPACE_XS)
        body.setSpacing(0)
        body.addWidget(self._search_place)
        for row in self._rows.values():
            body.addWidget(row)
        body.addWidget(self._in_force)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.heading)
        layout.addWidget(self._body)

    # ------------------------------------------------------------------------------------------------ what is in force

    def _recall(self) -> None:
        """States and kinds as they were chosen last; what was typed is forgotten."""
        chosen = self._controller.preferences.values
        for state, row in self._rows.items():
            row.setChecked(state.name in chosen.review_states)
        for tier, action in self._tiers.items():
            action.setChecked(tier.name in chosen.review_tiers)
        self._controller.set_filter(self._wanted())

    def _apply(self) -> None:
        wanted = self._wanted()
        self._controller.set_filter(wanted)
        self._controller.preferences.set("review.states", tuple(sorted(state.name for state in wanted.states)))
        self._controller.preferences.set("review.tiers", tuple(sorted(tier.name for tier in wanted.tiers)))

    def _wanted(self) -> ClusterFilter:
        return ClusterFilter(
            states=frozenset(state for state, row in self._rows.items() if row.isChecked()),
            tiers=frozenset(tier for tier, action in self._tiers.items() if action.isChecked()),
            text=self.search.text().strip(),
        )

    def _show(self) -> None:
        """Say what is in force: numbers, pressed buttons, and a sentence where something is hidden."""
        queue, total = self._controller.queue, len(self._controller.snapshot.clusters)
        shown, all_of_them = words.number(len(queue.rows)), words.number(total)
        if queue.filter != ClusterFilter():
            self.heading.number.say(self.tr("{0} of {1}").format(shown, all_of_them), shown)
        elif self._controller.scanning:
            self.heading.number.say(self.tr("{0} so far").format(all_of_them), all_of_them)
        else:
            self.heading.number.say(shown)
        self._sorts[queue.sort].setChecked(True)
        self._press(self._tier_button, bool(queue.filter.tiers))
        self._press(self._sort_button, queue.sort != "space")
        self._sort_button.setToolTip(self.tr("Order: {0}").format(self._sort_names()[queue.sort]))
        said = self._said(queue.filter, queue.sort)
        self._in_force_text.setText(said)
        self._in_force.setVisible(bool(said) and queue.filter != ClusterFilter())

    def _said(self, in_force: ClusterFilter, sort: str) -> str:
        parts = []
        if in_force.states:
            names = self._names()
            parts.append(", ".join(names[state] for state in ClusterState if state in in_force.states))
        if in_force.tiers:
            parts.append(", ".join(words.tier(tier) for tier in Tier if tier in in_force.tiers))
        if in_force.text:
            parts.append(self.tr("“{0}”").format(in_force.text))
        return self.tr("Only: {0}").format(" · ".join(parts)) if parts else ""

    def _press(self, button: QToolButton, on: bool) -> None:
        """Show a menu button as pressed while its menu has changed the list."""
        button.setCheckable(on)
        button.setChecked(on)

    def _show_totals(self, totals: Totals) -> None:
        for state, row in self._rows.items():
            row.set_count(totals.by_state[state])
        aside = self._rows[ClusterState.ASIDE]
        aside.setVisible(bool(totals.by_state[ClusterState.ASIDE]) or aside.isChecked())

    def _to_list(self) -> None:
        target = self.window().findChild(QWidget, "clusterList")
        if target is not None:
            target.setFocus(Qt.FocusReason.OtherFocusReason)

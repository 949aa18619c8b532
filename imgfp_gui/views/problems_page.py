"""The page of files that could not be read: how many, why, what to do, and what could still be read of each."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from engine.records import Problem
from imgfp_gui import theme
from imgfp_gui.controller import ReviewController
from imgfp_gui.models import names, problem_words, words
from imgfp_gui.models.pictures import Pictures
from imgfp_gui.models.problems import PROBLEM_ROLE, ProblemListModel
from imgfp_gui.parts.push import push
from imgfp_gui.views.nothing_here import NothingHere
from imgfp_gui.views.problem_detail import ProblemDetail
from imgfp_gui.views.problems_table import ProblemsTable
from imgfp_gui.views.way_back import way_back

GATHER_MS = 100  # problems that come in a burst are shown together
COPIED_MS = 2000
NARROW = 800  # width in px below which the buttons stand under the title


class ProblemsPage(QFrame):
    """`problemsPage`. Follows `controller.problems`; Esc and the cross go back to where the user was."""

    def __init__(self, controller: ReviewController, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("problemsPage")
        self._controller = controller
        self._back = way_back(controller)
        self.rows = ProblemListModel(self)
        self.table = ProblemsTable()
        self.table.setModel(self.rows)
        self.detail = ProblemDetail(controller, pictures)
        self._title, self._about = QLabel(), QLabel()
        self._title.setProperty("role", "title")
        self._about.setProperty("role", "dim")
        self._about.setWordWrap(True)
        self.reasons = QComboBox()
        self.reasons.setAccessibleName(self.tr("Reason"))
        self.reasons.setObjectName("problemReasons")
        self._copy = push(self.tr("Copy list"), "copy")
        self._all = push(self.tr("Read all again"), "refresh-cw")
        self._tools = QWidget()
        self._close = push("", "x", look="flat", name=self.tr("Close"))
        self._nothing = NothingHere("check")
        self._pages = QStackedWidget()
        self._gather = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._copied = QTimer(self, singleShot=True, interval=COPIED_MS)
        self._arrange()
        self._connect()
        self._fill()

    def _arrange(self) -> None:
        head = QFrame()
        head.setProperty("rule", "bottom")
        line = QHBoxLayout()
        line.setSpacing(theme.SPACE_M)
        said = QVBoxLayout()
        said.setSpacing(0)
        said.addWidget(self._title)
        said.addWidget(self._about)
        line.addLayout(said, 1)
        row = QHBoxLayout(self._tools)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_M)
        for part in (self.reasons, self._copy, self._all):
            row.addWidget(part)
        line.addWidget(self._tools)
        line.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        self._head, self._line = QVBoxLayout(head), line
        self._head.setContentsMargins(theme.SPACE_XL, 14, theme.SPACE_M, 14)
        self._head.setSpacing(theme.SPACE_S)
        self._head.addLayout(line)
        split = QSplitter(Qt.Orientation.Vertical)
        split.setHandleWidth(theme.SPLITTER)
        split.addWidget(self.table)
        split.addWidget(self.detail)
        split.setChildrenCollapsible(False)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        self._pages.addWidget(split)
        self._pages.addWidget(self._nothing)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(head)
        whole.addWidget(self._pages, 1)

    def _connect(self) -> None:
        controller = self._controller
        self._gather.timeout.connect(self._fill)
        self._copied.timeout.connect(lambda: self._copy.setText(self.tr("Copy list")))
        controller.problem_found.connect(self._later)
        controller.scan_started.connect(self._later)
        controller.library_opened.connect(self._later)
        controller.working_changed.connect(self._enable)
        controller.scan_finished.connect(self._later)
        controller.folder_tree_changed.connect(self._later)
        self.reasons.activated.connect(lambda place: self.rows.only(self.reasons.itemData(place)))
        self._copy.clicked.connect(self.copy_list)
        self._all.clicked.connect(self._read_all_again)
        self._close.clicked.connect(self._back.go)
        self.detail.read_again.connect(self._read_again)
        self.detail.show_folder.connect(self._show_folder)
        self.rows.modelReset.connect(self._choose)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._show_chosen())
        self.table.selectionModel().currentChanged.connect(lambda *_: self._show_chosen())

    # ------------------------------------------------------------------------------------------------ following

    def _later(self) -> None:
        if not self._gather.isActive():
            self._gather.start()

    def _fill(self) -> None:
        """Take the controller's problems over."""
        at = self._current()
        self.rows.show(self._controller.problems)
        if at is not None and self._current() is None:
            self._choose(at.path)
        elif at is None:
            self._choose()
        self._fill_reasons()
        count = len(self.rows.problems)
        self._title.setText(problem_words.title(count) if count else self.tr("Problems"))
        about = self.tr("They were left alone.")
        others = sum(folder.photos for folder in self._controller.folder_tree if folder.parent < 0)
        if others and not self._controller.scanning:
            about = self.tr("They were left alone. {0} could be read.").format(words.photos(others))
        self._about.setText(about)
        self._about.setVisible(bool(count))
        self._nothing.say(*self._all_well())
        self._pages.setCurrentIndex(0 if count else 1)
        self._enable()
        self._show_chosen()

    def _all_well(self) -> tuple[str, str]:
        if self._controller.scanning:
            return self.tr("No problems so far"), self.tr("Files that cannot be read are listed here while the scan goes on.")
        return self.tr("No problems"), self.tr("Every file that was looked at could be read.")

    def _fill_reasons(self) -> None:
        codes = self.rows.codes()
        first = {problem.code: problem for problem in reversed(self.rows.problems)}
        known = self.rows.code if self.rows.code in first else ""
        self.reasons.clear()
        self.reasons.addItem(self.tr("All reasons ({0})").format(words.number(len(self.rows.problems))), "")
        for code, count in codes:
            what = problem_words.kind_of(first[code]).what
            self.reasons.addItem(self.tr("{0} ({1})").format(what, words.number(count)), code)
        self.reasons.setCurrentIndex(max(0, self.reasons.findData(known)))
        self.reasons.setVisible(len(codes) > 1)
        self.rows.only(known)

    def _enable(self) -> None:
        idle = not self._controller.working
        some = bool(self.rows.problems)
        self._copy.setVisible(some)
        self._all.setVisible(some)
        self._all.setEnabled(idle)
        self.detail.again.setEnabled(idle)
        self.detail.again.setToolTip("" if idle else self.tr("When the scan has ended"))

    # ------------------------------------------------------------------------------------------------ the chosen rows

    def _current(self) -> Problem | None:
        found = self.table.currentIndex().data(PROBLEM_ROLE)
        return found if isinstance(found, Problem) else None

    def _chosen(self) -> list[Problem]:
        found = [index.data(PROBLEM_ROLE) for index in self.table.selectionModel().selectedRows()]
        return [problem for problem in found if isinstance(problem, Problem)]

    def _choose(self, path: bytes | None = None) -> None:
        """Choose the row of a file, else the first."""
        row = max(0, self.rows.row_of(path)) if path is not None else 0
        if self.rows.rowCount():
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.table.selectionModel().setCurrentIndex(self.rows.index(row, 0), flags)

    def _show_chosen(self) -> None:
        self.detail.show_problem(self._current(), len(self.table.selectionModel().selectedRows()))

    # ------------------------------------------------------------------------------------------------ doing

    def _read_again(self) -> None:
        current = self._current()
        chosen = self._chosen() or ([current] if current else [])
        self._controller.retry_problems([problem.path for problem in chosen])

    def _read_all_again(self) -> None:
        self._controller.retry_problems([problem.path for problem in self.rows.problems])

    def _show_folder(self) -> None:
        current = self._current()
        if current is not None:
            self._controller.show_in_file_manager(current.path)

    def copy_list(self) -> None:
        """Put every problem on the clipboard, a line each: path, what happened, what to do."""
        lines = [f"{names.shown(p.path)}\t{p.message}\t{p.hint}" for p in self.rows.problems]
        QGuiApplication.clipboard().setText("\n".join(lines))
        self._copy.setText(self.tr("Copied"))
        self._copied.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._back.go()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        below, narrow = self._head.count() > 1, self.width() < NARROW
        if narrow and not below:
            self._line.removeWidget(self._tools)
            self._head.addWidget(self._tools, 0, Qt.AlignmentFlag.AlignLeading)
        elif below and not narrow:
            self._head.removeWidget(self._tools)
            self._line.insertWidget(1, self._tools)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fill()
        (self.table if self.rows.problems else self._close).setFocus()

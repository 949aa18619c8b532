"""What a move would do, for the eye: folders, pictures, what is safe, what is left alone, and what must be confirmed apart."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from engine.records import ApplyCheck
from imgfp_gui import theme
from imgfp_gui.controller import ReviewController
from imgfp_gui.dialogs.apply_rows import FolderTable, Line, LineWithList
from imgfp_gui.dialogs.kept_instead import kept_instead
from imgfp_gui.models import apply_words, names, words
from imgfp_gui.models.pictures import Pictures
from imgfp_gui.parts.photo_box import PhotoBox
from imgfp_gui.parts.photo_rows import PhotoRow
from imgfp_gui.parts.push import push

THUMBS, THUMB = 10, 57
SCOPES = 4  # sentences on large moves; more of them are folded away


class ApplySummary(QWidget):
    """Made anew for each check. `all_wanted`: the list of every photo is asked for. `folder_wanted`: another place to move to.

    `confirmed` tells whether the button may work: always, but where the brake holds only with the tick.
    """

    all_wanted = Signal()
    folder_wanted = Signal()
    confirmed_changed = Signal()

    def __init__(
        self, check: ApplyCheck, controller: ReviewController, pictures: Pictures, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._check, self._controller, self._pictures = check, controller, pictures
        self._tick: QCheckBox | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.SPACE_L)
        if check.photos:
            self._column.addWidget(FolderTable(check, controller.folders))
            self._column.addLayout(self._thumbs())
        self._lines = QVBoxLayout()
        self._lines.setSpacing(theme.SPACE_XS)
        self._column.addLayout(self._lines)
        self._say()

    @property
    def confirmed(self) -> bool:
        """Nothing is left to confirm."""
        return self._tick is None or self._tick.isChecked()

    def row_of(self, number: int) -> PhotoRow:
        """A photo that would go, for the list of all."""
        file = self._check.files[number]
        view = self._controller.file(file)
        if view is None:
            return PhotoRow(None, "", "")
        kept = kept_instead(self._controller, file)
        line = names.short_path(names.folder(view.path_bytes))
        if kept is not None:
            where = names.short_path(names.folder(kept.path_bytes))
            line = self.tr("{0} · kept instead: {1} in {2}").format(line, names.base(kept.path_bytes), where)
        return PhotoRow(file, names.base(view.path_bytes), line, view.path)

    def _thumbs(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_XS)
        for number, file in enumerate(self._check.files[:THUMBS]):
            box = PhotoBox(self._pictures, QSize(THUMB, THUMB))
            box.setFixedSize(THUMB, THUMB)
            box.show_file(file, self.tr("Photo {0} of {1}").format(words.number(number + 1), words.number(self._check.photos)))
            row.addWidget(box)
        every = push(self.tr("All {0}").format(words.number(self._check.photos)), name=self.tr("List all photos"))
        every.setObjectName("applyAll")
        every.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Expanding)
        every.clicked.connect(self.all_wanted)
        row.addWidget(every)
        row.addStretch(1)
        return row

    # ------------------------------------------------------------------------------------------------ sentences

    def _say(self) -> None:
        check = self._check
        if check.photos:
            safe = self.tr("No cluster loses its last photo. Protected folders are untouched.")
            self._lines.addWidget(Line("safe", safe))
            self._say_scope()
        for volume in check.no_trash:
            self._say_no_trash(volume)
        if check.left:
            sentence = apply_words.left(check.left)
            self._lines.addWidget(LineWithList(sentence, self._pictures, len(check.left), self._left_row))
        if check.poorer and check.photos:
            sentence = apply_words.poorer(check.poorer)
            self._lines.addWidget(LineWithList(sentence, self._pictures, len(check.poorer), self._poorer_row))

    def _say_no_trash(self, volume: str) -> None:
        line = Line("caution", self.tr("There is no trash on “{0}”. Photos there stay in place.").format(volume))
        button = push(self.tr("Use a folder…"), look="outlined")
        button.clicked.connect(self.folder_wanted)
        line.row.addWidget(button)
        self._lines.addWidget(line)

    def _say_scope(self) -> None:
        """Where a move takes much, a tick is wanted; above everything that may need scrolling."""
        if not self._check.scope:
            return
        scope = self._check.scope
        shown = scope if len(scope) <= SCOPES else scope[: SCOPES - 1]
        for sentence in shown:
            self._lines.addWidget(Line("caution", sentence))
        rest = scope[len(shown) :]
        if rest:
            more = self.tr("The same in %n more folders.", "", len(rest))
            self._lines.addWidget(
                LineWithList(more, self._pictures, len(rest), lambda row: PhotoRow(None, rest[row], "", icon="folder"))
            )
        self._tick = QCheckBox(self.tr("Yes, move them"))
        self._tick.setObjectName("applyConfirm")
        self._tick.setAccessibleName(self._tick.text())
        self._tick.setAccessibleDescription(" ".join(self._check.scope))
        self._tick.toggled.connect(lambda _: self.confirmed_changed.emit())
        inset = QHBoxLayout()
        inset.setContentsMargins(theme.ICON + 10, 0, 0, 0)
        inset.addWidget(self._tick)
        inset.addStretch()
        self._lines.addLayout(inset)

    def _left_row(self, number: int) -> PhotoRow:
        entry = self._check.left[number]
        name = entry.path.rpartition("/")[2]
        return PhotoRow(self._file_of(entry.path), name, f"{entry.message} {entry.hint}".strip(), entry.path, caution=True)

    def _poorer_row(self, number: int) -> PhotoRow:
        path, lacks = self._check.poorer[number]
        return PhotoRow(self._file_of(path), path.rpartition("/")[2], apply_words.lacks(lacks), path, caution=True)

    def _file_of(self, path: str) -> int | None:
        view = self._controller.file_at(path.encode("utf-8", "surrogateescape"))
        return view.id if view is not None else None

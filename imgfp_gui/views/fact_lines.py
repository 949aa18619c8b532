"""A few facts under each other: a quiet label and a value that can be copied. Values are plain text."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QLabel, QSizePolicy, QWidget

from imgfp_gui import theme


class FactLines(QWidget):
    """`show` replaces all lines; (label, value) pairs, lines without a value are left out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setHorizontalSpacing(theme.SPACE_L)
        self._form.setVerticalSpacing(6)
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignTop)
        self._form.setFormAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignTop)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)

    def show_lines(self, lines: Sequence[tuple[str, str]]) -> None:
        """Show these facts."""
        while self._form.rowCount():
            self._form.removeRow(0)
        for name, value in lines:
            if not value:
                continue
            label, text = QLabel(name), QLabel(value)
            label.setProperty("role", "dim")
            text.setProperty("role", "caption")
            for part in (label, text):
                part.setTextFormat(Qt.TextFormat.PlainText)
            label.setAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignTop)
            label.setMinimumWidth(88)
            text.setWordWrap(True)
            text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # a long path must not widen the pane
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            text.setAccessibleName(f"{name}: {value}")
            self._form.addRow(label, text)

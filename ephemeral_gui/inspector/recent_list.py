"""What the inspector offers while no job map is open: those that were opened last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from ephemeral_gui.inspector.hint import Hint
from ephemeral_gui.widgets.icons import icon
from ephemeral_gui.widgets.labels import PlainLabel, line, tool_tip

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PySide6.QtGui import QResizeEvent

    from ephemeral_gui.widgets.theme import Look

MOST_SHOWN = 8
NOTHING = "Nothing opened yet. Job maps you open are listed here."


class NoDocument(QWidget):
    """The hint, and beneath it the files that were opened last. Objects: ``recent.<number>``, ``recent.none``."""

    chosen = Signal(object)
    """The ``Path`` that the user wants to open."""

    def __init__(self, look: Look, recent: Sequence[Path]) -> None:
        super().__init__()
        self._look = look
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Hint(look))
        column.addWidget(line())
        files = QVBoxLayout()
        files.setContentsMargins(12, 12, 12, 12)
        files.setSpacing(4)
        files.addWidget(PlainLabel("Recent", "strong"))
        for number, path in enumerate(recent[:MOST_SHOWN]):
            files.addWidget(self._button(number, path))
        if not recent:
            none = PlainLabel(NOTHING, "muted", wrap=True)
            none.setObjectName("recent.none")
            files.addWidget(none)
        column.addLayout(files)
        column.addStretch(1)

    def _button(self, number: int, path: Path) -> QPushButton:
        button = _FileButton(f"{path.parent.name}/{path.name}" if path.name == "job.json" else path.name)
        button.setObjectName(f"recent.{number}")
        button.setIcon(icon("page", self._look.theme.text2))
        button.setAccessibleName(f"Open {path.name}")
        button.setToolTip(tool_tip(str(path)))
        button.clicked.connect(lambda: self.chosen.emit(path))
        return button


class _FileButton(QPushButton):
    """A button as wide as the panel; a long name gives way in its middle."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.setProperty("flavour", "file")
        self.setIconSize(QSize(14, 14))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        short = QFontMetrics(self.font()).elidedText(self._name, Qt.TextElideMode.ElideMiddle, self.width() - 32)
        self.setText(f" {short}".replace("&", "&&"))

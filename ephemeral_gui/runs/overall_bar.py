"""The whole run on one line: how much has ended, a bar of shares, and a legend in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from engine.execution.progress import RunStatus
from ephemeral_gui.runs.guess import ended, seconds_left
from ephemeral_gui.widgets.icons import pixmap
from ephemeral_gui.widgets.state_words import seconds_text
from ephemeral_gui.widgets.strip import ORDER, Shares, paint_strip, shares_of, sum_of

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from engine.execution.progress import ProgressSnapshot
    from ephemeral_gui.widgets.theme import Look

_MARGIN = 16
_GAP = 16


class OverallBar(QWidget):
    """Paints a snapshot of a run; the same in words for a screen reader."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._shares = Shares()
        self._end = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.changed.connect(self.update)

    def show_snapshot(self, snapshot: ProgressSnapshot) -> None:
        """Show this moment of the run."""
        self._shares = sum_of([shares_of(task) for task in snapshot.tasks.values()])
        self._end = snapshot.quiet_text or end_text(snapshot.status, snapshot.seconds, self._shares)
        self.setAccessibleName(", ".join([self.count_text, *(f"{count} {state}" for state, count in self._legend()), self._end]))
        self.update()

    @property
    def count_text(self) -> str:
        """How many invocations have ended, of those known so far."""
        return f"{ended(self._shares):,} of {self._shares.total:,}"

    @override
    def sizeHint(self) -> QSize:
        return QSize(400, 40)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._look.ui_font(12, 600))
        painter.setPen(QColor(self._look.theme.text))
        left = _MARGIN + painter.fontMetrics().horizontalAdvance(self.count_text)
        painter.drawText(QRectF(_MARGIN, 0, left, self.height()), int(Qt.AlignmentFlag.AlignVCenter), self.count_text)
        painter.setFont(self._look.ui_font())
        right = self._paint_legend(painter)
        if right - left > 3 * _GAP:
            bar = QRectF(left + _GAP, self.height() / 2 - 4, right - left - 2 * _GAP, 8)
            paint_strip(painter, bar, self._shares, self._look.theme)

    def _legend(self) -> list[tuple[str, int]]:
        return [(state, count) for state, count in zip(ORDER, self._shares.counts(), strict=True) if count]

    def _paint_legend(self, painter: QPainter) -> float:
        theme, metrics = self._look.theme, painter.fontMetrics()
        right: float = self.width() - _MARGIN
        if self._end:
            painter.setPen(QColor(theme.muted))
            right = self._paint_word(painter, self._end, right, metrics.horizontalAdvance(self._end)) - _GAP
        for state, count in reversed(self._legend()):
            text = f"{count:,} {state}"
            painter.setPen(QColor(theme.text))
            right = self._paint_word(painter, text, right, metrics.horizontalAdvance(text)) - 20
            drawn = pixmap(state, theme.state_colour(state), 14, self.devicePixelRatioF())
            painter.drawPixmap(int(right), self.height() // 2 - 7, drawn)
            right -= _GAP
        return right + _GAP

    def _paint_word(self, painter: QPainter, text: str, right: float, width: float) -> float:
        painter.drawText(QRectF(right - width, 0, width + 1, self.height()), int(Qt.AlignmentFlag.AlignVCenter), text)
        return right - width


def end_text(status: RunStatus, seconds: float, shares: Shares) -> str:
    """Return when the run will end, or what became of it: ``about 00:07 left``, ``done in 3.2 s``."""
    if status.has_ended:
        return f"{status} in {seconds_text(seconds)}"
    if status is not RunStatus.RUNNING:
        return str(status)
    guess = seconds_left(status, seconds, shares)
    if guess is None:
        return f"running for {seconds_text(seconds)}"
    minutes, left = divmod(round(guess), 60)
    return f"about {minutes:02}:{left:02} left"

"""The strip: one bar that shows how the invocations of a task, or of a run, stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.execution.progress import TaskProgress
    from ephemeral_gui.widgets.theme import Theme

GAP = 2.0
RADIUS = 2.0

ORDER = ("done", "running", "retrying", "failed", "skipped", "cancelled")
"""The order of the shares; what is left stands behind them."""


@dataclass(frozen=True, slots=True)
class Shares:
    """How many invocations stand where; ``left`` have not begun; ``fraction`` is how far the running ones are, 0 where unknown."""

    done: int = 0
    running: int = 0
    retrying: int = 0
    failed: int = 0
    skipped: int = 0
    cancelled: int = 0
    left: int = 0
    fraction: float = 0.0

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.counts()) + self.left

    def counts(self) -> tuple[int, ...]:
        """Return the counts in the order of ``ORDER``."""
        return (self.done, self.running, self.retrying, self.failed, self.skipped, self.cancelled)


def shares_of(progress: TaskProgress) -> Shares:
    """Return the shares of one task."""
    return Shares(
        done=progress.succeeded,
        running=progress.running,
        retrying=progress.retrying,
        failed=progress.failed,
        skipped=progress.skipped,
        cancelled=progress.cancelled,
        left=progress.queued,
        fraction=progress.fraction,
    )


def sum_of(parts: Sequence[Shares]) -> Shares:
    """Return the shares of several tasks together."""
    names = (*ORDER, "left")
    return Shares(**{name: sum(getattr(part, name) for part in parts) for name in names})


def paint_strip(painter: QPainter, box: QRectF, shares: Shares, theme: Theme) -> None:
    """Fill the box: a segment for each invocation where each gets 3 px, else one bar of shares; what failed is crossed."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    if shares.total == 0:
        _block(painter, box, theme.border)
    elif shares.total <= box.width() / 3:
        _paint_segments(painter, box, shares, theme)
    else:
        _paint_bar(painter, box, shares, theme)
    painter.restore()


def _paint_segments(painter: QPainter, box: QRectF, shares: Shares, theme: Theme) -> None:
    gap = GAP if shares.total > 1 else 0.0
    width = (box.width() - gap * (shares.total - 1)) / shares.total
    for number, state in enumerate(_states(shares)):
        part = QRectF(box.left() + number * (width + gap), box.top(), width, box.height())
        if state in ("running", "left"):
            _block(painter, part, theme.border)
        if state == "running":
            part.setWidth(width * (shares.fraction or 0.5))
        if state != "left":
            _block(painter, part, theme.state_colour(state))
        if state == "failed":
            _cross(painter, part.center(), theme)


def _paint_bar(painter: QPainter, box: QRectF, shares: Shares, theme: Theme) -> None:
    _block(painter, box, theme.border)
    present = [(state, count) for state, count in zip(ORDER, shares.counts(), strict=True) if count]
    left = box.left()
    for state, count in present:
        width = max(3.0, box.width() * count / shares.total)
        part = QRectF(left, box.top(), min(width, box.right() - left), box.height())
        _block(painter, part.adjusted(0, 0, -GAP if part.right() < box.right() else 0, 0), theme.state_colour(state))
        if state == "failed":
            _cross(painter, part.center(), theme)
        left = part.right()


def _states(shares: Shares) -> Iterator[str]:
    for state, count in zip(ORDER, shares.counts(), strict=True):
        yield from (state for _ in range(count))
    yield from ("left" for _ in range(shares.left))


def _block(painter: QPainter, part: QRectF, colour: str) -> None:
    painter.setBrush(QColor(colour))
    painter.drawRoundedRect(part, min(RADIUS, part.width() / 2), min(RADIUS, part.height() / 2))


def _cross(painter: QPainter, centre: QPointF, theme: Theme) -> None:
    arm = 2.6
    for width, colour in ((3.2, theme.panel), (1.4, theme.text)):
        painter.setPen(QPen(QColor(colour), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(centre + QPointF(-arm, -arm), centre + QPointF(arm, arm))
        painter.drawLine(centre + QPointF(-arm, arm), centre + QPointF(arm, -arm))
    painter.setPen(Qt.PenStyle.NoPen)

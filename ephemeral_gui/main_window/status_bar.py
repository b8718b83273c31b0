"""The bottom line: what the window is doing, what is wrong, and how it feels."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QStatusBar, QToolButton

from ephemeral_gui.widgets.icons import icon, pixmap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from engine.problems import Problem
    from ephemeral_gui.widgets.theme import Look

MILLISECONDS_BETWEEN_LOOKS = 500
SECONDS_OF_A_MESSAGE = 6


class StatusBar(QStatusBar):
    """State, errors and warnings on the left; workspace, loop lag and memory on the right."""

    problems_requested = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("status_bar")
        self.setSizeGripEnabled(False)
        self.setContentsMargins(8, 0, 8, 0)
        self._look = look
        self._state = "ready"
        self._icon = QLabel()
        self._text = _plain("status_text")
        self._errors = self._count_button("status_errors")
        self._warnings = self._count_button("status_warnings")
        for widget in (self._icon, self._text, self._errors, self._warnings):
            self.addWidget(widget)
        self._workspace, self._lag, self._memory = (_plain(name) for name in ("status_workspace", "status_lag", "status_memory"))
        for widget in (self._workspace, self._lag, self._memory):
            self.addPermanentWidget(widget)
        self._pulse = _Pulse(self)
        self._pulse.beaten.connect(self._show_health)
        self.messageChanged.connect(self._show_counts)
        look.changed.connect(self._paint)
        self.show_state("ready", "Ready")
        self.show_problems(())
        self.show_workspace(None)
        self._show_health(0.0)
        self._paint()

    def show_state(self, state: str, text: str) -> None:
        """Show one word of state with its icon, and what it means now."""
        self._text.setText(text)
        if state != self._state or self._icon.pixmap().isNull():
            self._state = state
            self._icon.setPixmap(pixmap(state, self._look.theme.state_colour(state), 14, self.devicePixelRatioF()))

    def say(self, text: str) -> None:
        """Show a sentence for some seconds, such as why a gesture was refused."""
        self.showMessage(text, SECONDS_OF_A_MESSAGE * 1000)

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Count errors and warnings; nothing is shown for none."""
        errors = sum(problem.is_error for problem in problems)
        for button, count, word in ((self._errors, errors, "error"), (self._warnings, len(problems) - errors, "warning")):
            button.setText(f"{count} {word}{'' if count == 1 else 's'}" if count else "")
        self._show_counts()

    def show_workspace(self, name: str | None) -> None:
        """Name the workspace."""
        self._workspace.setText("No workspace" if name is None else f"Workspace: {name}")

    def _show_counts(self) -> None:
        """Leave the room to a sentence that is shown: what is shown beside it would lie on it."""
        for button in (self._errors, self._warnings):
            button.setVisible(bool(button.text()) and not self.currentMessage())

    def _show_health(self, lag: float) -> None:
        self._lag.setText(f"Loop lag {lag * 1000:.0f} ms")
        memory = memory_of_this_process()
        self._memory.setVisible(memory is not None)
        self._memory.setText(f"Memory {(memory or 0) / 2**20:.0f} MB")

    def _count_button(self, name: str) -> QToolButton:
        button = QToolButton(objectName=name, toolTip="Show the problems", toolButtonStyle=Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setIconSize(QSize(14, 14))
        button.setStyleSheet("QToolButton { padding: 0 4px; min-height: 18px; max-height: 18px; }")
        button.clicked.connect(self.problems_requested)
        return button

    def _paint(self) -> None:
        theme = self._look.theme
        self._icon.setPixmap(pixmap(self._state, theme.state_colour(self._state), 14, self.devicePixelRatioF()))
        self._errors.setIcon(icon("error", theme.state_colour("failed")))
        self._warnings.setIcon(icon("warning", theme.warning_mark))


class _Pulse(QTimer):
    """Measures how late the event loop comes to what is due: the time that a key press would wait."""

    beaten = Signal(float)

    def __init__(self, parent: StatusBar) -> None:
        super().__init__(parent, interval=MILLISECONDS_BETWEEN_LOOKS, timerType=Qt.TimerType.PreciseTimer)
        self._due = time.monotonic() + MILLISECONDS_BETWEEN_LOOKS / 1000
        self.timeout.connect(self._beat)
        self.start()

    def _beat(self) -> None:
        now = time.monotonic()
        self.beaten.emit(max(now - self._due, 0.0))
        self._due = now + MILLISECONDS_BETWEEN_LOOKS / 1000


def memory_of_this_process() -> int | None:
    """Return the resident bytes of this process, None where the system does not say so in ``/proc``."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123  read twice a second: no path objects
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return None


def _plain(name: str) -> QLabel:
    label = QLabel(objectName=name, textFormat=Qt.TextFormat.PlainText)
    label.setContentsMargins(4, 0, 4, 0)
    label.setProperty("role", "text2")
    return label

"""The panels around the canvas: nine docks, their heads, and their remembered places."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QLabel, QMainWindow, QTabBar, QTabWidget, QToolButton, QWidget
from typing_extensions import override

from ephemeral_gui.widgets.icons import icon
from ephemeral_gui.widgets.stylesheet import set_variant

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QAction

    from ephemeral_gui.widgets.theme import Look

PALETTE_WIDTH: Final = 208
INSPECTOR_WIDTH: Final = 264
BOTTOM_HEIGHT: Final = 256
HEAD_HEIGHT: Final = 32
LEAST_WIDTHS: Final = {"palette": 144, "outline": 144, "inspector": 208}

TITLES: Final = {
    "palette": "Palette",
    "outline": "Outline",
    "history": "History",
    "inspector": "Inspector",
    "problems": "Problems",
    "progress": "Progress",
    "results": "Results",
    "log": "Log",
    "json": "JSON",
}
HIDDEN: Final = ("outline", "history")
"""Those that wait until they are asked for."""
BOTTOM: Final = ("problems", "progress", "results", "log", "json")
AREAS: Final = {
    "palette": Qt.DockWidgetArea.LeftDockWidgetArea,
    "outline": Qt.DockWidgetArea.LeftDockWidgetArea,
    "history": Qt.DockWidgetArea.LeftDockWidgetArea,
    "inspector": Qt.DockWidgetArea.RightDockWidgetArea,
    **dict.fromkeys(BOTTOM, Qt.DockWidgetArea.BottomDockWidgetArea),
}


class Docks:
    """The docks of one main window by object name."""

    def __init__(self, window: QMainWindow, look: Look) -> None:
        self._window = window
        self._look = look
        self.by_name = {name: Dock(name, title, look, window) for name, title in TITLES.items()}
        window.setDockOptions(QMainWindow.DockOption.AllowTabbedDocks | QMainWindow.DockOption.AllowNestedDocks)
        window.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea)
        window.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        window.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self._problem_count = 0
        self._corner = _TabCorner(window, look, self._float_current)
        self._settle = QTimer(window, singleShot=True, interval=0)
        self._settle.timeout.connect(self.settle)
        for dock in self.by_name.values():
            dock.topLevelChanged.connect(lambda _: self._settle.start())
            dock.dockLocationChanged.connect(lambda _: self._settle.start())
            dock.visibilityChanged.connect(lambda _: self._settle.start())
        self.reset()

    def __getitem__(self, name: str) -> Dock:
        return self.by_name[name]

    def reset(self) -> None:
        """Put every dock where it is in a new window."""
        for name, dock in self.by_name.items():
            dock.setFloating(False)
            self._window.addDockWidget(AREAS[name], dock)
            dock.setVisible(name not in HIDDEN)
        for name in HIDDEN:
            self._window.tabifyDockWidget(self.by_name["palette"], self.by_name[name])
        for left, right in pairwise(BOTTOM):
            self._window.tabifyDockWidget(self.by_name[left], self.by_name[right])
        self.by_name["problems"].raise_()
        sides = [self.by_name["palette"], self.by_name["inspector"]]
        self._window.resizeDocks(sides, [PALETTE_WIDTH, INSPECTOR_WIDTH], Qt.Orientation.Horizontal)
        self._window.resizeDocks([self.by_name["problems"]], [BOTTOM_HEIGHT], Qt.Orientation.Vertical)
        self.settle()

    def settle(self) -> None:
        """Give heads to the docks that stand alone, and the corner button to those that share tabs."""
        for dock in self.by_name.values():
            dock.choose_head(is_tabbed=not dock.isFloating() and bool(self._window.tabifiedDockWidgets(dock)))
        bars = [bar for bar in self.tab_bars() if bar.isVisible()]
        for bar in bars:
            bar.setElideMode(Qt.TextElideMode.ElideNone)  # where the tabs do not fit they scroll, and each can be read
        self._corner.follow(max(bars, key=QTabBar.count, default=None))
        self._show_pill()

    def toggles(self) -> list[QAction]:
        """Return for each dock the action that shows and hides it, named ``view.<dock>``."""
        return [dock.toggle for dock in self.by_name.values()]

    def reveal(self, name: str) -> None:
        """Show a dock in front of its neighbours."""
        self.by_name[name].show()
        self.by_name[name].raise_()

    def show_problem_count(self, count: int) -> None:
        """Write the number of problems beside the word on the tab."""
        if count != self._problem_count:
            self._problem_count = count
            self._show_pill()

    def tab_bars(self) -> list[QTabBar]:
        """Return the tab bars that Qt made for docks that share a place."""
        return [bar for bar in self._window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly) if bar.count()]

    def _show_pill(self) -> None:
        """Put the number on the tab, which Qt may have made anew since; the tab's words stay the dock's title."""
        right = QTabBar.ButtonPosition.RightSide
        for bar in self.tab_bars():
            for index in range(bar.count()):
                is_it = bar.tabText(index) == TITLES["problems"]
                wanted = _count_text(self._problem_count) if is_it else ""
                pill = bar.tabButton(index, right)
                if (pill.text() if isinstance(pill, QLabel) else "") != wanted:
                    bar.setTabButton(index, right, _pill(wanted) if wanted else None)
                    if pill is not None:
                        pill.deleteLater()
                if is_it:
                    bar.setAccessibleTabName(index, f"Problems, {wanted}" if wanted else "Problems, none")

    def _float_current(self, title: str) -> None:
        for dock in self.by_name.values():
            if dock.windowTitle() == title:
                dock.setFloating(True)


def _count_text(count: int) -> str:
    return f"{count:,}" if count else ""


def _pill(text: str) -> QLabel:
    pill = QLabel(text, textFormat=Qt.TextFormat.PlainText, objectName="problem_count")
    set_variant(pill, "role", "pill")
    pill.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return pill


class Dock(QDockWidget):
    """One panel. At the sides it has a head with its title; at the bottom the tab is its head."""

    def __init__(self, name: str, title: str, look: Look, window: QMainWindow) -> None:
        super().__init__(title, window)
        self.setObjectName(name)
        self._look = look
        self.toggle = self.toggleViewAction()
        self.toggle.setObjectName(f"view.{name}")
        self.toggle.setText(title)
        self._head = _Head(title, look, self)
        self._no_head = QWidget(self)
        self._no_head.hide()
        self.setTitleBarWidget(self._head)
        self.setMinimumWidth(LEAST_WIDTHS.get(name, 0))

    def set_panel(self, panel: QWidget) -> None:
        """Put the panel into the dock; a panel that has nothing to show has the keyboard itself, and a name for those who listen."""
        panel.setAccessibleName(panel.accessibleName() or self.windowTitle())
        self.setWidget(panel)

    def choose_head(self, *, is_tabbed: bool) -> None:
        """Show a head, but none where a tab names the panel already."""
        head, other = (self._no_head, self._head) if is_tabbed else (self._head, self._no_head)
        if self.titleBarWidget() is not head:
            self.setTitleBarWidget(head)
        other.hide()
        head.setVisible(not is_tabbed)


class _Head(QWidget):
    """Title and the button that takes the panel out of the window or puts it back."""

    def __init__(self, title: str, look: Look, dock: QDockWidget) -> None:
        super().__init__(dock)
        self._look = look
        self.setFixedHeight(HEAD_HEIGHT)
        set_variant(self, "role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        words = QLabel(title, textFormat=Qt.TextFormat.PlainText)
        set_variant(words, "role", "strong")
        words_of_button = f"Take {title.lower()} out of the window, or put it back"
        self._float = QToolButton(toolTip=words_of_button, accessibleName=words_of_button, iconSize=QSize(14, 14))
        self._float.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # or Tab would begin with it, before anything that matters
        set_variant(self._float, "flavour", "small")
        self._float.clicked.connect(lambda: dock.setFloating(not dock.isFloating()))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 6, 0)
        row.addWidget(words)
        row.addStretch()
        row.addWidget(self._float)
        look.changed.connect(self._paint)
        self._paint()

    def _paint(self) -> None:
        self._float.setIcon(icon("float", self._look.theme.text2))


class _TabCorner(QToolButton):
    """The button at the right end of a row of tabs that takes the shown panel out of the window."""

    def __init__(self, window: QMainWindow, look: Look, float_panel: Callable[[str], None]) -> None:
        words = "Take this panel out of the window"
        super().__init__(window, iconSize=QSize(14, 14), toolTip=words, accessibleName=words)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._window = window
        self._look = look
        self._bar: QTabBar | None = None
        set_variant(self, "flavour", "small")
        self._float_panel = float_panel
        self.clicked.connect(self._float)
        look.changed.connect(self._paint)
        self._paint()
        self.hide()

    def follow(self, bar: QTabBar | None) -> None:
        """Stand at the end of this row, or nowhere."""
        before, self._bar = self._bar, bar
        if before is not None:
            before.removeEventFilter(self)
        if bar is not None:
            bar.destroyed.connect(self._forget, Qt.ConnectionType.UniqueConnection)
            bar.installEventFilter(self)
        self.setVisible(bar is not None)
        self._place()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show):
            self._place()
        return super().eventFilter(watched, event)

    def _float(self) -> None:
        if self._bar is not None:
            self._float_panel(self._bar.tabText(self._bar.currentIndex()))

    def _forget(self) -> None:
        self._bar = None
        self.hide()

    def _place(self) -> None:
        if self._bar is not None:
            at = self._bar.mapTo(self._window, QPoint(self._bar.width() - 30, (self._bar.height() - 24) // 2))
            self.setGeometry(at.x(), at.y(), 24, 24)
            self.setVisible(self._bar.tabRect(self._bar.count() - 1).right() < self._bar.width() - 30)  # else arrows that scroll stand here
            self.raise_()

    def _paint(self) -> None:
        self.setIcon(icon("float", self._look.theme.text2))

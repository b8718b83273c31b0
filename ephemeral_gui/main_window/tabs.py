"""The strip of open job maps above the canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QTabBar, QTabWidget, QToolButton, QWidget
from typing_extensions import override

from ephemeral_gui.widgets.icons import icon
from ephemeral_gui.widgets.labels import tool_tip
from ephemeral_gui.widgets.stylesheet import set_variant

if TYPE_CHECKING:
    from ephemeral_gui.widgets.theme import Look

MARK_OF_CHANGE = " \N{BULLET}"
LONGEST_TITLE = 40
NARROWEST_TAB = 132
_PLUS = 24
_ROOM_FOR_PLUS = 40


class _Bar(QTabBar):
    """A tab bar that says when its tabs moved, so that the plus can follow them, and scrolls before a title says nothing any more."""

    laid_out = Signal()

    @override
    def tabLayoutChange(self) -> None:
        super().tabLayoutChange()
        self.laid_out.emit()

    @override
    def minimumTabSizeHint(self, index: int) -> QSize:
        wanted = self.tabSizeHint(index)
        return QSize(min(wanted.width(), NARROWEST_TAB), wanted.height())


class Tabs(QTabWidget):
    """One tab for each page, a cross on each, and a plus behind the last one."""

    new_requested = Signal()
    close_requested = Signal(QWidget)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tabs")
        self.setAccessibleName("Open job maps")
        self._look = look
        bar = _Bar(self)
        set_variant(bar, "place", "documents")
        bar.setElideMode(Qt.TextElideMode.ElideMiddle)
        self.setTabBar(bar)
        self.setDocumentMode(True)
        self.setMovable(True)
        self.setTabsClosable(True)
        self.tabCloseRequested.connect(self._ask_to_close)
        room = QWidget(self)
        QHBoxLayout(room).setContentsMargins(_ROOM_FOR_PLUS, 0, 0, 0)
        self.setCornerWidget(room)  # the tabs end before it, so that the plus never stands on one
        self._plus = QToolButton(self, objectName="new_tab", toolTip="New job map", accessibleName="New job map")
        set_variant(self._plus, "flavour", "small")
        self._plus.clicked.connect(self.new_requested)
        bar.laid_out.connect(self._place_plus)
        look.changed.connect(self._paint)
        self._paint()

    def pages(self) -> list[QWidget]:
        """Return the pages from left to right."""
        return [page for index in range(self.count()) if (page := self.widget(index)) is not None]

    def add_page(self, page: QWidget, title: str, *, icon_name: str = "page") -> None:
        """Add a tab behind the others and show it."""
        self.addTab(page, title)
        self.set_title(page, title)
        self.set_icon(page, icon_name)
        self.setCurrentWidget(page)

    def set_title(self, page: QWidget, title: str, *, modified: bool = False, tip: str = "") -> None:
        """Name a tab; names come from files and are shown as they are."""
        index = self.indexOf(page)
        if index >= 0:
            title = " ".join(title.split())
            short = title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1]}\N{HORIZONTAL ELLIPSIS}"
            self.setTabText(index, short.replace("&", "&&") + (MARK_OF_CHANGE if modified else ""))
            self.setTabToolTip(index, tool_tip(tip))
            if (cross := self.tabBar().tabButton(index, QTabBar.ButtonPosition.RightSide)) is not None:
                cross.setAccessibleName(f"Close {short}")

    def set_icon(self, page: QWidget, name: str, state: str | None = None) -> None:
        """Give a tab a drawing, in the colour of a task's state or else in that of text; it follows the colours of the window."""
        page.setProperty("tab_icon", name)
        page.setProperty("tab_state", state)
        self._draw_icon(page)

    def _ask_to_close(self, index: int) -> None:
        page = self.widget(index)
        if page is not None:
            self.close_requested.emit(page)

    def _place_plus(self) -> None:
        bar = self.tabBar()
        last = bar.tabRect(bar.count() - 1) if bar.count() else QRect(0, 0, 0, 36)
        right = min(last.right(), bar.width()) + (_ROOM_FOR_PLUS - _PLUS) // 2
        self._plus.setGeometry(max(min(right, self.width() - _PLUS - 8), 8), 6, _PLUS, _PLUS)
        self._plus.raise_()

    def _paint(self) -> None:
        self._plus.setIcon(icon("plus", self._look.theme.text2))
        for page in self.pages():
            self._draw_icon(page)

    def _draw_icon(self, page: QWidget) -> None:
        index, name, state = self.indexOf(page), page.property("tab_icon"), page.property("tab_state")
        if index >= 0 and isinstance(name, str):
            theme = self._look.theme
            self.setTabIcon(index, icon(name, theme.state_colour(state) if isinstance(state, str) else theme.text2))

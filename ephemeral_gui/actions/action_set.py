"""The rows made real: ``QAction`` objects, their menus and the tool bar's buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QToolBar, QToolButton, QWidget

from ephemeral_gui.actions.rows import ACCENT, ACTIONS, ICON_ONLY, MENUS, SEPARATOR, TOOL_BAR, Action, Situation
from ephemeral_gui.widgets.labels import tool_tip

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from PySide6.QtGui import QIcon


class ActionSet:
    """Every action of one window by id.

    Args:
        parent: the window; actions are its children, named by their ids.
        commands: for the part of an id before the dot, the object whose methods are the parts behind it.
    """

    def __init__(self, parent: QWidget, commands: Mapping[str, object]) -> None:
        self._parent = parent
        self.by_id = {row.id: self._make(row, commands) for row in ACTIONS.values()}
        self.slots: dict[str, QMenu] = {}
        """The menus that hold what the window fills in, by the slot's id."""
        self._told: dict[str, str] = {}
        self._buttons: dict[str, QWidget] = {}
        self._why_not: dict[str, str] = {}

    def __getitem__(self, action_id: str) -> QAction:
        return self.by_id[action_id]

    def refresh(self, now: Situation) -> None:
        """Enable what can be used now; the tips of all others say why not."""
        for row in ACTIONS.values():
            unmet = row.unmet(now)
            self.by_id[row.id].setEnabled(unmet is None)
            self._say_why_not(row.id, "" if unmet is None else unmet.otherwise)
        self.by_id["run.pause"].setChecked(now.is_paused)
        self._write("run.pause", "Resume" if now.is_paused else "Pause")

    def give_keys(self, action_id: str, keys: Sequence[str]) -> None:
        """Give an action other shortcuts."""
        _give_keys(self.by_id[action_id], ACTIONS[action_id], keys)
        self._show_tip(action_id)

    def tell(self, action_id: str, words: str) -> None:
        """Say by an action's tip what it would do now, or why it cannot be used; no words stand for those of its row."""
        if self._told.get(action_id, "") != words:
            self._told[action_id] = words
            self._show_tip(action_id)

    def draw_icons(self, icon_of: Callable[[str, bool], QIcon]) -> None:
        """Draw every icon anew; ``icon_of`` is given its name and whether it stands on the accent."""
        for row in ACTIONS.values():
            if row.icon is not None:
                self.by_id[row.id].setIcon(icon_of(row.icon, row.id == ACCENT))

    def fill_menu_bar(self, bar: QMenuBar) -> None:
        """Add the menus of the table."""
        for title, entries in MENUS:
            menu = bar.addMenu(title)
            menu.setToolTipsVisible(True)
            for entry in entries:
                if entry is SEPARATOR:
                    menu.addSeparator()
                elif isinstance(entry, Action):
                    menu.addAction(self.by_id[entry.id])
                else:
                    self._add_slot(menu, entry.id, entry.text)

    def fill_tool_bar(self, bar: QToolBar) -> None:
        """Add the buttons of the table."""
        for action_id in TOOL_BAR:
            if action_id is SEPARATOR:
                bar.addSeparator()
            else:
                self._add_button(bar, action_id)

    def attach_to_canvas(self, page: QWidget) -> None:
        """Let the shortcuts that belong to the canvas hold while it, a child of the page, has the focus."""
        page.addActions([self.by_id[row.id] for row in ACTIONS.values() if row.on_canvas])

    def _say_why_not(self, action_id: str, words: str) -> None:
        if self._why_not.get(action_id, "") != words:
            self._why_not[action_id] = words
            self._show_tip(action_id)

    def _show_tip(self, action_id: str) -> None:
        words = self._told.get(action_id) or ACTIONS[action_id].tip
        _give_tip(self.by_id[action_id], f"{words} {self._why_not.get(action_id, '')}".rstrip())

    def _make(self, row: Action, commands: Mapping[str, object]) -> QAction:
        action = QAction(row.text, self._parent)
        action.setObjectName(row.id)
        _give_keys(action, row, row.keys)
        action.setCheckable(row.checkable)
        action.setMenuRole(QAction.MenuRole.QuitRole if row.id == "file.quit" else QAction.MenuRole.NoRole)
        if row.on_canvas:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        group, _, name = row.id.partition(".")
        handler = getattr(commands[group], name)
        action.triggered.connect(lambda _checked=False: handler())
        return action

    def _write(self, action_id: str, words: str) -> None:
        """Write on the button of an action: a space more than Qt leaves behind the icon, which is not spoken."""
        self.by_id[action_id].setIconText(f" {words}")
        if action_id in self._buttons:
            self._buttons[action_id].setAccessibleName(words)

    def _add_slot(self, menu: QMenu, slot_id: str, text: str) -> None:
        """A slot with words is a submenu, one without is the place itself."""
        if text:
            submenu = menu.addMenu(text)
            submenu.menuAction().setObjectName(slot_id)
            self.slots[slot_id] = submenu
        else:
            place = menu.addSeparator()
            place.setObjectName(slot_id)
            self.slots[slot_id] = menu

    def _add_button(self, bar: QToolBar, action_id: str) -> None:
        bar.addAction(self.by_id[action_id])
        button = bar.widgetForAction(self.by_id[action_id])
        button.setObjectName(f"button:{action_id}")
        self._buttons[action_id] = button
        self._write(action_id, ACTIONS[action_id].label or ACTIONS[action_id].title)
        button.setProperty("flavour", "accent" if action_id == ACCENT else None)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        if isinstance(button, QToolButton):
            only_icon = action_id in ICON_ONLY
            style = Qt.ToolButtonStyle.ToolButtonIconOnly if only_icon else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
            button.setToolButtonStyle(style)


def _give_keys(action: QAction, row: Action, keys: Sequence[str]) -> None:
    action.setShortcuts([QKeySequence(each) for each in keys])
    _give_tip(action, row.tip)


def _give_tip(action: QAction, words: str) -> None:
    action.setStatusTip(words)
    action.setToolTip(tool_tip(f"{words} {action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)}".strip()))

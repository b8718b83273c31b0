"""The main window: menu, tool bar, tabs of job maps, panels, status bar."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QMainWindow, QVBoxLayout, QWidget
from typing_extensions import override

from engine.errors import EphemeralError
from ephemeral_gui.actions.action_set import ActionSet
from ephemeral_gui.actions.rows import DOCKS, RECENT
from ephemeral_gui.document.recent import RecentFiles
from ephemeral_gui.main_window.background import Background
from ephemeral_gui.main_window.banner import Banner
from ephemeral_gui.main_window.bars import fill_recent_menu, make_tool_bar
from ephemeral_gui.main_window.broken_page import BrokenPage
from ephemeral_gui.main_window.commands.arrange_commands import ArrangeCommands
from ephemeral_gui.main_window.commands.edit_commands import EditCommands, TaskCommands
from ephemeral_gui.main_window.commands.file_commands import FileCommands
from ephemeral_gui.main_window.commands.help_commands import HelpCommands
from ephemeral_gui.main_window.commands.run_commands import RunCommands
from ephemeral_gui.main_window.commands.view_commands import ViewCommands
from ephemeral_gui.main_window.docks import Docks
from ephemeral_gui.main_window.file_drop import FileDrop
from ephemeral_gui.main_window.focus_order import FocusOrder
from ephemeral_gui.main_window.leaving import Leaving
from ephemeral_gui.main_window.pages import Pages
from ephemeral_gui.main_window.panels import Panels
from ephemeral_gui.main_window.part_runs import PartRuns
from ephemeral_gui.main_window.preferences import Preferences
from ephemeral_gui.main_window.safekeeping import Safekeeping
from ephemeral_gui.main_window.search import SearchField
from ephemeral_gui.main_window.search_entries import search_entries
from ephemeral_gui.main_window.settings_dialog import SettingsDialog
from ephemeral_gui.main_window.shortcuts_dialog import ShortcutsDialog
from ephemeral_gui.main_window.situation import situation_of
from ephemeral_gui.main_window.status_bar import StatusBar
from ephemeral_gui.main_window.tabs import Tabs
from ephemeral_gui.main_window.tour import Tour
from ephemeral_gui.main_window.workspace import Workspace
from ephemeral_gui.main_window.workspace_words import fault_words, restriction_words
from ephemeral_gui.widgets.dragged_files import welcome_files
from ephemeral_gui.widgets.icons import icon

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtCore import QSettings
    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragMoveEvent, QDropEvent, QIcon

    from engine.catalog import Catalog
    from ephemeral_gui.canvas.canvas import Canvas
    from ephemeral_gui.document.document import Document
    from ephemeral_gui.main_window.job_page import JobPage
    from ephemeral_gui.runs.runs import Runs
    from ephemeral_gui.widgets.theme import Look

LAYOUT_VERSION = 1
_logger = logging.getLogger(__name__)


class MainWindow(QMainWindow):
    """One window with any number of open job maps. Lives on the event loop that runs on Qt.

    Args:
        look: colours and fonts.
        settings: where sizes, places and recent files are remembered.
        workspace: folder with task namespaces of the user's own.
        trust: whether the workspace's task code may be loaded.
    """

    closed = Signal()
    """The window is closed for good and nothing of it runs any more."""

    def __init__(self, look: Look, settings: QSettings, *, workspace: Path | None = None, trust: bool = False) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.setWindowTitle("Ephemeral")
        self.setMinimumSize(QSize(880, 560).boundedTo(self.screen().availableSize()))
        self.resize(QSize(1680, 1050).boundedTo(self.screen().availableSize()))
        self.look = look
        self.background = Background(self.report)
        self.pages = Pages(self)
        self.recent = RecentFiles(settings, self)
        self.leaving = Leaving(self)
        self.safekeeping = Safekeeping(self)
        self.had_bug = False
        self.workspace = Workspace(workspace, self, trust=trust)
        self._settings = settings
        self.file_drop = FileDrop(self)
        self.part_runs = PartRuns(self)
        self.focus_order = FocusOrder(self)
        self.file_commands = FileCommands(self)
        self.actions_by_id = ActionSet(
            self,
            {
                "file": self.file_commands,
                "edit": EditCommands(self),
                "task": TaskCommands(self),
                "arrange": ArrangeCommands(self),
                "view": ViewCommands(self),
                "run": RunCommands(self),
                "help": HelpCommands(self),
            },
        )
        self.preferences = Preferences(look, self.actions_by_id, settings, self)
        self._build()
        self._connect()
        self._restore()
        self.refresh_actions()

    # What is shown ----------------------------------------------------------------------------------------------------------------

    @property
    def page(self) -> JobPage | None:
        """The page of the job map that is shown; None on the welcome page and for a file that could not be opened."""
        return self.pages.current

    @property
    def document(self) -> Document | None:
        """The document that is shown."""
        return self.page.document if self.page else None

    @property
    def canvas(self) -> Canvas | None:
        """The canvas that is shown."""
        return self.page.canvas if self.page else None

    @property
    def runs(self) -> Runs | None:
        """The runs of the document that is shown."""
        return self.page.runs if self.page else None

    @property
    def catalog(self) -> Catalog:
        """The methods that job maps of this window may name."""
        return self.workspace.catalog

    # Opening ----------------------------------------------------------------------------------------------------------------------

    def open_job_map(self, path: Path | str) -> None:
        """Open a job map in a tab of its own, or show the tab that has it; what cannot be opened gets a tab that says why."""
        self.pages.open(path)

    def start_empty(self) -> None:
        """Show the welcome page and the palette, once the window itself is on the screen."""
        self.pages.fill_empty()
        self.workspace.catalog  # noqa: B018  reading it fills the palette
        self.tour.offer()

    def use_workspace(self, folder: Path | None, *, trust: bool = False) -> None:
        """Use the task namespaces of another folder."""
        self.workspace.change(folder, trust=trust)

    def show_settings(self) -> None:
        """Show the settings beside the window; what is done there takes effect at once."""
        shown = self.findChildren(SettingsDialog) or [SettingsDialog(self.preferences, self.show_shortcuts, self)]
        _bring_forward(shown[0])

    def show_shortcuts(self) -> None:
        """Show every action with its keys beside the window."""
        shown = self.findChildren(ShortcutsDialog) or [ShortcutsDialog(self.preferences, self)]
        _bring_forward(shown[0])

    # Trouble ----------------------------------------------------------------------------------------------------------------------

    def report(self, error: BaseException) -> None:
        """Show an exception that nobody caught: an error of the engine as what it says, anything else as a bug of ours, which is logged."""
        if isinstance(error, EphemeralError):
            self.show_error(str(error))
            return
        self.had_bug = True
        text = f"An error in Ephemeral itself: {type(error).__name__}: {error}. Your job maps are still open; save them."
        if not self.error_banner.isHidden() and self.error_banner.text == text:
            return  # a fault of painting comes again with every paint, and to tell it would paint again
        _logger.error("an error in Ephemeral itself", exc_info=error)
        self.show_error(text)

    def show_error(self, text: str) -> None:
        """Show an error above the tabs."""
        self.error_banner.say(text)

    # Qt's own ---------------------------------------------------------------------------------------------------------------------

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.leaving.close_window():
            event.ignore()
            return
        self._settings.setValue("window/geometry", self.saveGeometry())
        self._settings.setValue("window/layout", self.saveState(LAYOUT_VERSION))
        for dialog in self.findChildren(QDialog):
            dialog.close()
        self.background.cancel()
        self.safekeeping.leave()
        self.panels.log.close_feed()
        super().closeEvent(event)
        self.closed.emit()

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        welcome_files(event)

    @override
    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        welcome_files(event)

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        self.file_drop.take(welcome_files(event))

    # Building ---------------------------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.setAcceptDrops(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.tabs = Tabs(self.look)
        self.error_banner = Banner("error_banner", "error", "Show log", self.look)
        self.restricted_banner = Banner("restricted_banner", "warning", "Trust this workspace", self.look)
        self.definitions_banner = Banner("definitions_banner", "warning", "", self.look)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.docks = Docks(self, self.look)
        self.tour = Tour(self.look, self.docks, self._settings, self)
        banners = (self.restricted_banner, self.definitions_banner, self.error_banner, self.safekeeping.banner, self.tour.banner)
        for widget in (*banners, self.tabs):
            column.addWidget(widget)
        self.setCentralWidget(centre)
        self.actions_by_id.fill_menu_bar(self.menuBar())
        self.search = SearchField(lambda: search_entries(self), self.look)
        self.addToolBar(make_tool_bar(self.actions_by_id, self.search))
        self.status = StatusBar(self.look)
        self.setStatusBar(self.status)
        self.panels = Panels(self.docks, self.look, self, self._settings)
        menu = self.actions_by_id.slots[DOCKS.id]
        place = next(action for action in menu.actions() if action.objectName() == DOCKS.id)
        menu.insertActions(place, self.docks.toggles())

    def _connect(self) -> None:
        self.tabs.currentChanged.connect(self.show_page)
        self.tabs.new_requested.connect(self.file_commands.new)
        self.tabs.close_requested.connect(self.leaving.close_tab)
        self.part_runs.connect()
        self.preferences.changed.connect(self._show_search_keys)
        self._show_search_keys()
        self.error_banner.action_requested.connect(lambda: self.docks.reveal("log"))
        self.restricted_banner.action_requested.connect(self.workspace.trust_it)
        self.workspace.changed.connect(self._use_catalog)
        self.status.problems_requested.connect(lambda: self.docks.reveal("problems"))
        self.panels.problems_shown.connect(lambda: self.status.show_problems(self.panels.shown_problems))
        self.panels.add_requested.connect(self._add_method)
        self.panels.results.open_failed.connect(self.show_error)
        self.panels.inspector.open_requested.connect(lambda path: self.open_job_map(path))  # noqa: PLW0108  the signal's object is a path
        self.recent.changed.connect(lambda: self.panels.inspector.show_recent(self.recent.paths))
        self.panels.inspector.show_recent(self.recent.paths)
        recent_menu = self.actions_by_id.slots[RECENT.id]
        recent_menu.aboutToShow.connect(lambda: fill_recent_menu(recent_menu, self.recent, self.open_job_map))
        self.look.changed.connect(self._paint)
        self._paint()

    def _restore(self) -> None:
        """Take size and places from the settings, where those of this version are there."""
        geometry, layout = self._settings.value("window/geometry"), self._settings.value("window/layout")
        if isinstance(geometry, QByteArray):  # a file that was spoiled may say anything
            self.restoreGeometry(geometry)
        if not isinstance(layout, QByteArray) or not self.restoreState(layout, LAYOUT_VERSION):
            self.docks.reset()
        self.docks.settle()

    def _paint(self) -> None:
        theme = self.look.theme

        def icon_of(name: str, is_on_accent: bool) -> QIcon:  # noqa: FBT001  the form that the actions ask for
            return icon(name, theme.on_accent, theme.muted) if is_on_accent else icon(name, theme.text2, theme.control)

        self.actions_by_id.draw_icons(icon_of)

    # Following --------------------------------------------------------------------------------------------------------------------

    def refresh_actions(self) -> None:
        """Enable what can be done with what is shown."""
        self.actions_by_id.refresh(situation_of(self.page, self.part_runs.tell(), is_closable=self.tabs.count() > 0))

    def show_page(self, _index: int = 0) -> None:
        """Follow the tab that is shown now."""
        self.panels.show_page(self.page)
        current = self.tabs.currentWidget()
        if isinstance(current, BrokenPage):
            self.panels.show_problems(current.problems)
        if self.page is not None:
            self.pages.show_title(self.page)
            self.pages.show_run(self.page)
        else:
            self.setWindowModified(False)
            self.setWindowTitle("Ephemeral")
            self.status.show_state("ready", "Ready")
        self.refresh_actions()

    def _show_search_keys(self) -> None:
        self.search.show_keys(self.actions_by_id["edit.find"].shortcut())

    def _use_catalog(self) -> None:
        catalog = self.workspace.catalog
        self.panels.use_catalog(catalog)
        for page in self.pages.of_jobs():
            page.use_catalog(catalog)
        self.status.show_workspace(self.workspace.name)
        self.restricted_banner.tell(restriction_words(self.workspace))
        self.definitions_banner.tell(fault_words(self.workspace))

    def _add_method(self, namespace: str, method: str) -> None:
        if self.canvas is None:
            self.file_commands.new()
        if self.canvas is not None:
            self.canvas.add_method(namespace, method)


def _bring_forward(dialog: QDialog) -> None:
    """Show a dialog in front with the keyboard, also one that is open behind the window."""
    dialog.show()
    dialog.activateWindow()

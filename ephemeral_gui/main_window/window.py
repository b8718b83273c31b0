"""The main window: menu, tool bar, tabs of job maps, panels, status bar."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QMainWindow, QVBoxLayout, QWidget
from typing_extensions import override

from engine.errors import EphemeralError, InputMissingError, JobMapError
from engine.validation import check_file
from ephemeral_gui.actions.action_set import ActionSet
from ephemeral_gui.actions.rows import DOCKS, RECENT, Situation
from ephemeral_gui.document.recent import RecentFiles
from ephemeral_gui.document.storage import open_copy, open_document
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
from ephemeral_gui.main_window.job_page import JobPage
from ephemeral_gui.main_window.leaving import Leaving
from ephemeral_gui.main_window.panels import Panels
from ephemeral_gui.main_window.preferences import Preferences
from ephemeral_gui.main_window.run_words import run_words
from ephemeral_gui.main_window.safekeeping import Safekeeping
from ephemeral_gui.main_window.search import SearchField
from ephemeral_gui.main_window.search_entries import search_entries
from ephemeral_gui.main_window.settings_dialog import SettingsDialog
from ephemeral_gui.main_window.shortcuts_dialog import ShortcutsDialog
from ephemeral_gui.main_window.status_bar import StatusBar
from ephemeral_gui.main_window.tabs import Tabs
from ephemeral_gui.main_window.tour import Tour
from ephemeral_gui.main_window.workspace import Workspace
from ephemeral_gui.widgets.icons import icon

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QSettings
    from PySide6.QtGui import QCloseEvent, QIcon

    from engine.catalog import Catalog
    from engine.problems import Problem
    from ephemeral_gui.canvas.canvas import Canvas
    from ephemeral_gui.document.document import Document
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
        self.setMinimumSize(880, 560)
        self.resize(QSize(1680, 1050).boundedTo(self.screen().availableSize()))
        self.look = look
        self.background = Background(self.report)
        self.recent = RecentFiles(settings, self)
        self.leaving = Leaving(self)
        self.safekeeping = Safekeeping(self)
        self.had_bug = False
        self.workspace = Workspace(workspace, self, trust=trust)
        self._settings = settings
        self._welcome: QWidget | None = None
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
        page = self.tabs.currentWidget()
        return page if isinstance(page, JobPage) else None

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

    def job_pages(self) -> list[JobPage]:
        """Return the pages of open job maps from left to right."""
        return [page for page in self.tabs.pages() if isinstance(page, JobPage)]

    # Opening and closing ----------------------------------------------------------------------------------------------------------

    def open_job_map(self, path: Path | str) -> None:
        """Open a job map in a tab of its own, or show the tab that has it; what cannot be opened gets a tab that says why."""
        path = Path(path)
        open_already = next((page for page in self.job_pages() if page.document.path == path.absolute()), None)
        if open_already is not None:
            self.tabs.setCurrentWidget(open_already)
            return
        try:
            self.add_document(open_document(path.absolute()))
        except JobMapError:
            self._add_broken(path, "It is not a job map. Mend the file and try again.", check_file(path, self.catalog))
        except InputMissingError as error:
            self._add_broken(path, str(error), ())
            self.recent.remove(path.absolute())
        else:
            self.recent.add(path)

    def open_example(self, path: Path) -> None:
        """Open a copy of an example; nothing that is done to it reaches the example."""
        self.add_document(open_copy(path))

    def add_document(self, document: Document) -> None:
        """Show a document in a tab of its own."""
        page = JobPage(document, self.catalog, self.look)
        page.situation_changed.connect(self.refresh_actions)
        page.title_changed.connect(lambda: self._show_title(page))
        page.runs.progressed.connect(lambda: self._show_run(page))
        page.runs.changed.connect(lambda: self._show_run(page))
        page.refused.connect(self.status.say)
        page.file_changes.save_requested.connect(lambda: self.background.start(self.file_commands.save_page(page)))
        page.file_changes.save_as_requested.connect(lambda: self.background.start(self.file_commands.save_page_as(page)))
        page.file_changes.failed.connect(self.show_error)
        page.file_changes.task_activated.connect(self.panels.go_to_task)
        self.safekeeping.follow(page)
        self.actions_by_id.attach_to_canvas(page)
        self._replace_welcome()
        self.tabs.add_page(page, page.title)
        self._show_title(page)
        page.canvas.fit()

    def start_empty(self) -> None:
        """Show the welcome page and the palette, once the window itself is on the screen."""
        self._fill_empty()
        self.workspace.catalog  # noqa: B018  reading it fills the palette
        self.tour.offer()

    def show_welcome(self) -> None:
        """Show the welcome page in a tab."""
        from ephemeral_gui.main_window.welcome import make_welcome  # noqa: PLC0415  examples are read only when they are shown

        if self._welcome is None:
            self._welcome = make_welcome(self)
            self.tabs.add_page(self._welcome, "Welcome", icon_name="home")
        self.tabs.setCurrentWidget(self._welcome)

    def hide_page(self, page: QWidget) -> None:
        """Take a tab away and keep its page alive."""
        self.tabs.removeTab(self.tabs.indexOf(page))
        self._fill_empty()

    def remove_page(self, page: QWidget) -> None:
        """Take a tab away with everything in it."""
        if page is self._welcome:
            self._welcome = None
        index = self.tabs.indexOf(page)
        if index >= 0:
            self.tabs.removeTab(index)
        self.safekeeping.forget(page)
        page.deleteLater()
        self._fill_empty()

    def use_workspace(self, folder: Path | None, *, trust: bool = False) -> None:
        """Use the task namespaces of another folder."""
        self.workspace.change(folder, trust=trust)

    def show_settings(self) -> None:
        """Show the settings beside the window; what is done there takes effect at once."""
        shown = self.findChildren(SettingsDialog) or [SettingsDialog(self.preferences, self.show_shortcuts, self)]
        shown[0].show()

    def show_shortcuts(self) -> None:
        """Show every action with its keys beside the window."""
        shown = self.findChildren(ShortcutsDialog) or [ShortcutsDialog(self.preferences, self)]
        shown[0].show()

    # Trouble ----------------------------------------------------------------------------------------------------------------------

    def report(self, error: BaseException) -> None:
        """Show an exception that nobody caught: an error of the engine as what it says, anything else as a bug of ours, which is logged."""
        if isinstance(error, EphemeralError):
            self.show_error(str(error))
            return
        self.had_bug = True
        _logger.error("an error in Ephemeral itself", exc_info=error)
        self.show_error(f"An error in Ephemeral itself: {type(error).__name__}: {error}. Your job maps are still open; save them.")

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
        for dialog in (*self.findChildren(SettingsDialog), *self.findChildren(ShortcutsDialog)):
            dialog.close()
        self.background.cancel()
        self.safekeeping.leave()
        self.panels.log.close_feed()
        super().closeEvent(event)
        self.closed.emit()

    # Building ---------------------------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.tabs = Tabs(self.look)
        self.error_banner = Banner("error_banner", "error", "Show log", self.look)
        self.restricted_banner = Banner("restricted_banner", "warning", "Trust this workspace", self.look)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.docks = Docks(self, self.look)
        self.tour = Tour(self.look, self.docks, self._settings, self)
        for widget in (self.restricted_banner, self.error_banner, self.safekeeping.banner, self.tour.banner, self.tabs):
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
        self.tabs.currentChanged.connect(self._show_page)
        self.tabs.new_requested.connect(self.file_commands.new)
        self.tabs.close_requested.connect(self.leaving.close_tab)
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
        if geometry is not None:
            self.restoreGeometry(geometry)
        if layout is None or not self.restoreState(layout, LAYOUT_VERSION):
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
        page = self.page
        stack = page.document.undo_stack if page else None
        self.actions_by_id.refresh(
            Situation(
                has_document=page is not None,
                has_selection=page is not None and bool(page.canvas.selected_keys()),
                can_undo=stack is not None and stack.canUndo(),
                can_redo=stack is not None and stack.canRedo(),
                is_running=page is not None and page.runs.is_running,
                is_paused=page is not None and page.runs.is_paused,
                is_closable=self.tabs.count() > 0,
                can_revert=page is not None and page.document.modified and page.document.path is not None,
            )
        )

    def _show_page(self, _index: int = 0) -> None:
        self.panels.show_page(self.page)
        current = self.tabs.currentWidget()
        if isinstance(current, BrokenPage):
            self.panels.show_problems(current.problems)
        if self.page is not None:
            self._show_title(self.page)
            self._show_run(self.page)
        else:
            self.setWindowModified(False)
            self.setWindowTitle("Ephemeral")
            self.status.show_state("ready", "Ready")
        self.refresh_actions()

    def _show_title(self, page: JobPage) -> None:
        self.tabs.set_title(page, page.title, modified=page.document.modified, tip=page.place)
        if page is self.page:
            self.setWindowTitle(f"{page.title.replace('[*]', '[*][*]')}[*] \N{EM DASH} Ephemeral")
            self.setWindowModified(page.document.modified)

    def _show_run(self, page: JobPage) -> None:
        state, words = run_words(page.runs)
        self.tabs.set_icon(page, "page" if state == "ready" else state, None if state == "ready" else self.look.theme.state_colour(state))
        if page is self.page:
            self.status.show_state(state, words)

    def _use_catalog(self) -> None:
        catalog = self.workspace.catalog
        self.panels.use_catalog(catalog)
        for page in self.job_pages():
            page.use_catalog(catalog)
        self.status.show_workspace(self.workspace.name)
        self.restricted_banner.setVisible(False)
        if self.workspace.is_restricted:
            self.restricted_banner.say(
                f"The workspace {self.workspace.name} is not trusted: its tasks are shown, but their code is not loaded and cannot run."
            )

    def _add_method(self, namespace: str, method: str) -> None:
        if self.canvas is None:
            self.file_commands.new()
        if self.canvas is not None:
            self.canvas.add_method(namespace, method)

    def _add_broken(self, path: Path, reason: str, problems: Sequence[Problem]) -> None:
        page = BrokenPage(path, reason, problems, self.look)
        page.retry_requested.connect(lambda: self._retry(page))
        self._replace_welcome()
        self.workspace.catalog  # noqa: B018  reading it fills the palette
        self.tabs.add_page(page, path.name, icon_name="error")
        self._show_page()

    def _retry(self, page: BrokenPage) -> None:
        self.remove_page(page)
        self.open_job_map(page.path)

    def _replace_welcome(self) -> None:
        """A job map takes the place of the welcome page."""
        if self._welcome is not None:
            welcome, self._welcome = self._welcome, None
            self.tabs.removeTab(self.tabs.indexOf(welcome))
            welcome.deleteLater()

    def _fill_empty(self) -> None:
        if not self.tabs.count():
            self.show_welcome()

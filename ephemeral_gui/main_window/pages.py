"""The pages in the tabs: job maps, files that are none, and the welcome page; how they come, what they say, and how they go."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import InputMissingError, JobMapError
from engine.validation import check_file
from ephemeral_gui.document.storage import open_copy, open_document
from ephemeral_gui.main_window.broken_page import BrokenPage
from ephemeral_gui.main_window.job_page import JobPage
from ephemeral_gui.main_window.part_runs import FROM, TO
from ephemeral_gui.main_window.run_words import run_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from engine.problems import Problem
    from ephemeral_gui.document.document import Document
    from ephemeral_gui.main_window.window import MainWindow


class Pages:
    """Opens and takes away the pages of one window, and tells it when another one is shown."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._welcome: QWidget | None = None

    @property
    def current(self) -> JobPage | None:
        """The page of the job map that is shown; None on the welcome page and for a file that could not be opened."""
        page = self._window.tabs.currentWidget()
        return page if isinstance(page, JobPage) else None

    def of_jobs(self) -> list[JobPage]:
        """Return the pages of open job maps from left to right."""
        return [page for page in self._window.tabs.pages() if isinstance(page, JobPage)]

    def open(self, path: Path | str) -> None:
        """Open a job map in a tab of its own, or show the tab that has it; what cannot be opened gets a tab that says why."""
        path = Path(path)
        open_already = next((page for page in self.of_jobs() if _is_same_file(page.document.path, path)), None)
        if open_already is not None:
            self._window.tabs.setCurrentWidget(open_already)
        else:
            broken = [page for page in self._window.tabs.pages() if isinstance(page, BrokenPage) and _is_same_file(page.path, path)]
            self._open_anew(path)
            for page in broken:
                self.remove(page)

    def _open_anew(self, path: Path) -> None:
        try:
            self.add(open_document(path.absolute()))
        except JobMapError:
            self._add_broken(path, "It is not a job map. Mend the file and try again.", check_file(path, self._window.catalog))
        except InputMissingError as error:
            self._add_broken(path, str(error), ())
            self._window.recent.remove(path.absolute())
        else:
            self._window.recent.add(path)

    def open_example(self, path: Path) -> None:
        """Open a copy of an example; nothing that is done to it reaches the example."""
        self.add(open_copy(path))

    def add(self, document: Document) -> None:
        """Show a document in a tab of its own."""
        page = JobPage(document, self._window.catalog, self._window.look)
        self._follow(page)
        self._window.safekeeping.follow(page)
        self._window.actions_by_id.attach_to_canvas(page)
        self._replace_welcome()
        self._window.tour.note_opening()
        self._window.tabs.add_page(page, page.title)
        self.show_title(page)
        self._give_keyboard(page)
        page.canvas.fit()

    def show_welcome(self) -> None:
        """Show the welcome page in a tab."""
        from ephemeral_gui.main_window.welcome import make_welcome  # noqa: PLC0415  examples are read only when they are shown

        if self._welcome is None:
            self._welcome = make_welcome(self._window)
            self._window.tabs.add_page(self._welcome, "Welcome", icon_name="home")
        self._window.tabs.setCurrentWidget(self._welcome)
        self._give_keyboard(self._welcome)

    def fill_empty(self) -> None:
        """Show the welcome page where nothing else is shown."""
        if not self._window.tabs.count():
            self.show_welcome()

    def hide(self, page: QWidget) -> None:
        """Take a tab away and keep its page alive."""
        self._window.tabs.removeTab(self._window.tabs.indexOf(page))
        self.fill_empty()

    def remove(self, page: QWidget) -> None:
        """Take a tab away with everything in it."""
        if page is self._welcome:
            self._welcome = None
        index = self._window.tabs.indexOf(page)
        if index >= 0:
            self._window.tabs.removeTab(index)
        self._window.safekeeping.forget(page)
        page.deleteLater()
        self.fill_empty()

    def show_title(self, page: JobPage) -> None:
        """Write on the tab, and on the window where it is shown, what a page is called and whether it is saved."""
        self._window.tabs.set_title(page, page.title, modified=page.document.modified, tip=page.place)
        if page is self.current:
            self._window.setWindowTitle(f"{page.title.replace('[*]', '[*][*]')}[*] \N{EM DASH} Ephemeral")
            self._window.setWindowModified(page.document.modified)

    def show_run(self, page: JobPage) -> None:
        """Show on the tab, and in the status bar where it is shown, how a page's run stands."""
        state, words = run_words(page.runs)
        if state == "ready":
            self._window.tabs.set_icon(page, "page")
        else:
            self._window.tabs.set_icon(page, state, state)
        if page is self.current:
            self._window.status.show_state(state, words)

    def _give_keyboard(self, page: QWidget) -> None:
        """Let a new page have the keyboard, unless somebody works in a panel."""
        focused: QWidget | None = self._window.focusWidget()
        if focused is None or not focused.isVisible() or self._window.tabs.isAncestorOf(focused):
            page.setFocus()

    def _follow(self, page: JobPage) -> None:
        window = self._window
        page.situation_changed.connect(window.refresh_actions)
        page.title_changed.connect(lambda: self.show_title(page))
        page.runs.progressed.connect(lambda: self.show_run(page))
        page.runs.changed.connect(lambda: self.show_run(page))
        page.runs.changed.connect(lambda: window.part_runs.show_running(page))
        page.offer_on_tasks([window.actions_by_id[action_id] for action_id in (TO, FROM)])
        page.refused.connect(window.status.say)
        page.files_dropped.connect(window.file_drop.take)
        page.file_changes.save_requested.connect(lambda: window.background.start(window.file_commands.save_page(page)))
        page.file_changes.save_as_requested.connect(lambda: window.background.start(window.file_commands.save_page_as(page)))
        page.file_changes.failed.connect(window.show_error)
        page.file_changes.task_activated.connect(window.panels.go_to_task)
        page.comparing.failed.connect(window.show_error)
        page.comparing.task_activated.connect(window.panels.go_to_task)

    def _add_broken(self, path: Path, reason: str, problems: Sequence[Problem]) -> None:
        page = BrokenPage(path, reason, problems, self._window.look)
        page.retry_requested.connect(lambda: self.open(path))
        self._replace_welcome()
        self._window.workspace.catalog  # noqa: B018  reading it fills the palette
        self._window.tabs.add_page(page, path.name, icon_name="error")
        self._window.show_page()

    def _replace_welcome(self) -> None:
        """A job map takes the place of the welcome page."""
        if self._welcome is not None:
            welcome, self._welcome = self._welcome, None
            self._window.tabs.removeTab(self._window.tabs.indexOf(welcome))
            welcome.deleteLater()


def _is_same_file(shown: Path | None, path: Path) -> bool:
    """Return whether two paths lead to the same file, however they are spelled."""
    if shown is None:
        return False
    try:
        return shown.samefile(path)
    except OSError:  # it cannot be looked at
        return shown.absolute() == path.absolute()

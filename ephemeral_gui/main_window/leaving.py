"""Closing tabs and the window without losing what is not saved or still runs."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMessageBox

from ephemeral_gui.main_window.dialogs import CANCEL, Choice, ask
from ephemeral_gui.main_window.job_page import JobPage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtWidgets import QWidget

    from ephemeral_gui.main_window.window import MainWindow

STOP_SECONDS = 4.5
"""How long a stopped run may take to end before the window leaves without it; a run names what it abandons after that time itself."""

SAVE = Choice("save", "Save", is_accent=True)
DISCARD = Choice("discard", "Discard changes", QMessageBox.ButtonRole.DestructiveRole)
STOP = Choice("stop", "Stop and keep results", is_accent=True)
KEEP_RUNNING = Choice("keep_running", "Keep running")


class Leaving:
    """Asks before anything is closed that holds unsaved changes or a run. One question at a time."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self.is_asking = False
        """True while a question is on the screen."""
        self._left_running: set[JobPage] = set()
        """Pages whose run the user lets go on without them."""
        self.may_close = False
        """True once the window may close without a further question."""

    def close_tab(self, page: QWidget) -> None:
        """Close a tab, after asking where that is needed."""
        if isinstance(page, JobPage) and _needs_question(page):
            self._window.background.start(self._close_tab_politely(page))
        else:
            self._window.pages.remove(page)

    def close_window(self) -> bool:
        """Return True where the window may close now; else ask what is to be asked and close it later."""
        if self.may_close or not (self._left_running or any(_needs_question(page) for page in self._window.pages.of_jobs())):
            return True
        if not self.is_asking:
            self._window.background.start(self._close_window_politely())
        return False

    async def stop_everything(self) -> None:
        """Stop every run and wait for their ends, for as long as a person would."""
        pages = [*self._window.pages.of_jobs(), *self._left_running]
        for page in pages:
            page.runs.stop()
        waits = [asyncio.get_running_loop().create_task(page.runs.wait()) for page in pages if page.runs.is_running]
        if waits:
            await asyncio.wait(waits, timeout=STOP_SECONDS)

    async def _close_tab_politely(self, page: JobPage) -> None:
        if self.is_asking:
            return
        self.is_asking = True
        try:
            agreed = await self._agree(page)
        finally:
            self.is_asking = False
        if not agreed:
            return
        if page in self._left_running:
            self._window.pages.hide(page)
            await page.runs.wait()
            self._left_running.discard(page)
        self._window.pages.remove(page)

    async def _close_window_politely(self) -> None:
        self.is_asking = True
        try:
            agreed = await self._agree_on_all(self._window.pages.of_jobs())
        finally:
            self.is_asking = False
        if agreed:
            for page in self._window.pages.of_jobs():
                self._window.safekeeping.forget(page)
            self._window.hide()
            for page in tuple(self._left_running):
                await page.runs.wait()
            self.may_close = True
            self._window.close()

    async def _agree_on_all(self, pages: Iterable[JobPage]) -> bool:
        self._left_running.intersection_update(page for page in self._left_running if page not in self._window.pages.of_jobs())
        for page in pages:
            if _needs_question(page):
                self._window.tabs.setCurrentWidget(page)
                if not await self._agree(page):
                    return False
        return True

    async def _agree(self, page: JobPage) -> bool:
        """Return whether the page may be closed; what it runs has been stopped or is meant to go on then."""
        if page.runs.is_running and not await self._agree_on_run(page):
            return False
        return not page.document.modified or await self._agree_on_changes(page)

    async def _agree_on_run(self, page: JobPage) -> bool:
        answer = await ask(
            self._window,
            "run_in_progress",
            f"{page.title} is running.",
            "Stop it and keep what was finished, or let it run to its end without a window?",
            [STOP, KEEP_RUNNING, CANCEL],
        )
        if answer == KEEP_RUNNING.name:
            self._left_running.add(page)
        elif answer == STOP.name:
            page.runs.stop()
            await _within(page.runs.wait(), STOP_SECONDS)
        return answer != CANCEL.name

    async def _agree_on_changes(self, page: JobPage) -> bool:
        answer = await ask(
            self._window,
            "unsaved_changes",
            f"Save the changes to {page.title}?",
            "Changes that are not saved are lost when it is closed.",
            [SAVE, DISCARD, CANCEL],
        )
        if answer == SAVE.name:
            return await self._window.file_commands.save_page(page)
        return answer == DISCARD.name


def _needs_question(page: JobPage) -> bool:
    return page.document.modified or page.runs.is_running


async def _within(waiting: object, seconds: float) -> None:
    """Wait, but not longer than that."""
    try:
        async with asyncio.timeout(seconds):
            await waiting  # type: ignore[misc]  # any awaitable
    except TimeoutError:
        return

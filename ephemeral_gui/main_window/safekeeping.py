"""Unsaved edits: kept while the window is open, offered where an earlier one left some behind."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from engine.errors import EphemeralError
from ephemeral_gui.document.keeper import Keeper
from ephemeral_gui.document.recovery import bring_back, discard, left_behind, recovery_folder
from ephemeral_gui.main_window.banner import Banner

if TYPE_CHECKING:
    from pathlib import Path

    from ephemeral_gui.document.recovery import Kept
    from ephemeral_gui.main_window.job_page import JobPage
    from ephemeral_gui.main_window.window import MainWindow

CHOICES: Final = {"restore": "Restore", "discard": "Discard", "later": "Later"}


class Safekeeping(QObject):
    """Has a keeper for each page, and asks about what was left behind, one document after the other, in a bar above the tabs."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._keepers: dict[JobPage, Keeper] = {}
        self._offers: list[tuple[Path, Kept]] = []
        self.banner = Banner("recovery_banner", "warning", "", window.look)
        for name, words in CHOICES.items():
            self.banner.add_choice(name, words)
        self.banner.chosen.connect(self._choose)
        self.banner.put_away.connect(lambda: self._choose("later"))

    def follow(self, page: JobPage) -> None:
        """Keep what a page holds from now on."""
        keeper = Keeper(page.document, self)
        keeper.failed.connect(lambda reason: self._window.show_error(f"Unsaved edits are not kept for a later start: {reason}"))
        self._keepers[page] = keeper

    def forget(self, page: object) -> None:
        """Keep a page no more: what it holds is saved, or not wanted."""
        keeper = self._keepers.pop(page, None)  # type: ignore[call-overload]  # any page may be asked about
        if keeper is not None:
            keeper.forget()
            keeper.deleteLater()

    def leave(self) -> None:
        """Leave behind what is not saved: the window is closed without anybody having been asked."""
        for keeper in self._keepers.values():
            keeper.leave_behind()
        for page in [page for page in self._keepers if not page.document.modified]:
            self.forget(page)

    def offer(self) -> None:
        """Look for what was left behind, and ask about it."""
        self._offers = left_behind(recovery_folder())
        self._show_next()

    def _show_next(self) -> None:
        if not self._offers:
            self.banner.hide()
            return
        _, kept = self._offers[0]
        more = len(self._offers) - 1
        words = f"Unsaved changes of '{kept.title}' from {_moment(kept.edited)} were kept."
        self.banner.say(words + (f" There are {more} more." if more > 1 else " There is one more." if more else ""))

    def _choose(self, name: str) -> None:
        if not self._offers:
            return
        path, kept = self._offers.pop(0)
        if name == "restore":
            self._restore(path, kept)
        elif name == "discard":
            discard(path)
        self._show_next()

    def _restore(self, path: Path, kept: Kept) -> None:
        try:
            document = bring_back(kept)
        except EphemeralError as error:
            self._window.show_error(f"Not restored: {error}. What was kept is in {path}.")
            return
        self._window.pages.add(document)
        keeper = next((keeper for page, keeper in self._keepers.items() if page.document is document), None)
        if keeper is not None and keeper.keep_now():
            discard(path)


def _moment(seconds: float) -> str:
    """Return a moment as a person names it: today by its time, earlier with its date."""
    then = time.localtime(seconds)
    is_today = then[:3] == time.localtime()[:3]
    return time.strftime("%H:%M" if is_today else "%Y-%m-%d %H:%M", then)

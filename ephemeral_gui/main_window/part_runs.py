"""Runs of a part of the job that is shown: which part is meant, said by tips and on the canvas before it runs and while it does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtWidgets import QMenu

from ephemeral_gui.runs.run_part import RunPart, part_from, part_to

if TYPE_CHECKING:
    from engine.catalog import Catalog
    from engine.model.job_map import JobMap, TaskKey
    from ephemeral_gui.main_window.job_page import JobPage
    from ephemeral_gui.main_window.window import MainWindow
    from ephemeral_gui.runs.run_part import Kept

TO: Final = "run.selected"
FROM: Final = "run.from_selected"
_WATCHED: Final = "shows_part_runs"


class _Question(NamedTuple):
    """What decides which part is meant: asked several times for each edit, and the way through all tasks is long."""

    job_map: JobMap
    keys: list[TaskKey]
    kept: Kept | None
    catalog: Catalog

    def is_same(self, other: _Question) -> bool:
        return self.keys == other.keys and self.job_map is other.job_map and self.kept is other.kept and self.catalog is other.catalog

    def part_to(self) -> RunPart | str:
        return part_to(self.job_map, frozenset(self.keys))

    def part_from(self) -> RunPart | str:
        return part_from(self.job_map, frozenset(self.keys), self.kept, self.catalog)


class PartRuns:
    """Looks at what is selected in one window."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._answers: dict[str, tuple[_Question, RunPart | str]] = {}

    def connect(self) -> None:
        """Show on the canvas which tasks would run while one of the actions is chosen in a menu."""
        for action_id in (TO, FROM):
            self._window.actions_by_id[action_id].hovered.connect(lambda action_id=action_id: self._preview(action_id))

    def meant(self, action_id: str) -> RunPart | str:
        """Return the part that an action would run now, or why it cannot."""
        page = self._window.page
        if page is None:
            return ""
        asked = _Question(page.document.job_map, page.canvas.selected_keys(), page.runs.kept, self._window.catalog)
        known = self._answers.get(action_id)
        if known is None or not known[0].is_same(asked):
            known = self._answers[action_id] = asked, asked.part_to() if action_id == TO else asked.part_from()
        return known[1]

    def tell(self) -> tuple[bool, bool]:
        """Write into the tips what would run, and return which of the two actions can be used."""
        page = self._window.page
        is_idle = page is not None and not page.runs.is_running
        found = {action_id: self.meant(action_id) for action_id in (TO, FROM)}
        for action_id, part in found.items():
            words = f"Run {part.in_words(page.document.job_map)}." if page and isinstance(part, RunPart) else str(part)
            self._window.actions_by_id.tell(action_id, words)
        return is_idle and isinstance(found[TO], RunPart), is_idle and isinstance(found[FROM], RunPart)

    def show_running(self, page: JobPage) -> None:
        """While a part of a job runs, let what is no part of it step back."""
        _show(page, page.runs.part if page.runs.is_running else None)

    def _preview(self, action_id: str) -> None:
        page, part = self._window.page, self.meant(action_id)
        menu = self._menu_of(action_id)
        if menu is None or page is None or not isinstance(part, RunPart):
            return
        _show(page, part)
        if not menu.property(_WATCHED):
            menu.setProperty(_WATCHED, True)  # noqa: FBT003  a mark
            menu.aboutToHide.connect(self._end_preview)
            menu.hovered.connect(lambda chosen: None if chosen.objectName() in (TO, FROM) else self._end_preview())

    def _menu_of(self, action_id: str) -> QMenu | None:
        """Return the menu in which an action is chosen now: that of the window, or one that was opened on a task."""
        action = self._window.actions_by_id[action_id]
        return next((menu for menu in action.associatedObjects() if isinstance(menu, QMenu) and menu.activeAction() is action), None)

    def _end_preview(self) -> None:
        if self._window.page is not None:
            self.show_running(self._window.page)


def _show(page: JobPage, part: RunPart | None) -> None:
    tasks = page.document.job_map.by_name
    page.canvas.show_part(None if part is None else {tasks[name].key for name in part.names if name in tasks})

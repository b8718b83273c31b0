"""What can be done with what is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ephemeral_gui.actions.rows import Situation

if TYPE_CHECKING:
    from ephemeral_gui.main_window.job_page import JobPage


def situation_of(page: JobPage | None, can_run: tuple[bool, bool], *, is_closable: bool) -> Situation:
    """Return what the actions ask of a page.

    Args:
        page: the job map that is shown, None where none is.
        can_run: whether a part of it can run to, and from, what is selected.
        is_closable: whether a tab is there.
    """
    if page is None:
        return Situation(is_closable=is_closable)
    document, canvas, runs = page.document, page.canvas, page.runs
    can_run_to, can_run_from = can_run
    return Situation(
        has_document=True,
        has_selection=bool(canvas.selected_keys()),
        has_wire=canvas.has_selected_wires,
        has_note=canvas.has_selected_notes,
        can_undo=document.undo_stack.canUndo(),
        can_redo=document.undo_stack.canRedo(),
        is_running=runs.is_running,
        is_paused=runs.is_paused,
        is_closable=is_closable,
        can_run_to=can_run_to,
        can_run_from=can_run_from,
        can_revert=document.modified and document.path is not None,
    )

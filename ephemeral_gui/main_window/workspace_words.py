"""What a window says of its workspace."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ephemeral_gui.main_window.workspace import Workspace


def restriction_words(workspace: Workspace) -> str:
    """Return why tasks of the workspace cannot run, empty where they can."""
    if not workspace.is_restricted:
        return ""
    return f"The workspace {workspace.name} is not trusted: its tasks are shown, but their code is not loaded and cannot run."


def fault_words(workspace: Workspace) -> str:
    """Return the first fault that keeps a definition from being used, and how many there are; empty where there is none."""
    faults = workspace.faults
    if not faults or workspace.folder is None:
        return ""
    first = faults[0].describe().removeprefix(f"{Path(workspace.folder).absolute()}/")
    more = f" And {len(faults) - 1} more: 'ephemeral check' lists them." if len(faults) > 1 else ""
    return f"A definition of the workspace cannot be used. {first}{more}"

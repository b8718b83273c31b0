"""The way to the window's commands: entry points of the group ``ephemeral.window``, so that the engine knows no window."""

from __future__ import annotations

from importlib.metadata import entry_points
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from engine.cli.failures import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

GROUP = "ephemeral.window"


def window_command(name: str) -> Callable[..., Any]:
    """Return what the window installed under the name.

    Raises:
        UsageError: there is no window on this machine, or no Qt to show it.
    """
    found = entry_points(group=GROUP, name=name)
    if not found or find_spec("PySide6") is None:
        raise UsageError("this command needs Qt: pip install PySide6-Essentials. Without it jobs run with: ephemeral run MAP")
    command: Callable[..., Any] = next(iter(found)).load()
    return command

"""The part of a job that runs, or would: what is no part of it steps back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection

    from engine.model.job_map import TaskKey
    from ephemeral_gui.canvas.projection import Projection

_STEPPED_BACK: Final = 0.3


def show_part(projection: Projection, keys: Collection[TaskKey] | None) -> None:
    """Let every task and wire that is no part step back; None brings them all forward again."""
    projection.style.has_stepped_back = keys is not None
    for key, item in projection.items.items():
        item.setOpacity(1.0 if keys is None or key in keys else _STEPPED_BACK)
        item.refresh()
    for (source, target), wire in projection.wires.items():
        wire.step_back(1.0 if keys is None or (source in keys and target in keys) else _STEPPED_BACK)

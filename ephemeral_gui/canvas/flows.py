"""What goes through the wires in the run that is shown: which of them move, and which have a count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.execution.progress import RunStatus, TaskState
from ephemeral_gui.canvas.wire import Flow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ephemeral_gui.canvas.scene import JobScene
    from ephemeral_gui.canvas.shown_run import ShownRun
    from ephemeral_gui.canvas.style import CanvasStyle
    from ephemeral_gui.canvas.wire import Wire

MOST_MOVING: Final = 300  # more moving dashes than an eye follows, and than a paint has time for
_ACTIVE = {TaskState.RUNNING, TaskState.RETRYING}


class Flows:
    """Keeps what wires show equal to what their tasks show.

    Attributes:
        dashed: the wires whose dashes move.
    """

    def __init__(self, scene: JobScene, style: CanvasStyle) -> None:
        self.dashed: list[Wire] = []
        self._scene = scene
        self._style = style
        self._moving: dict[Wire, None] = {}
        self._counted: dict[Wire, None] = {}
        scene.counted = self._counted

    def show(self, wires: Iterable[Wire], run: ShownRun | None) -> None:
        """Look at these wires anew: at those of a task whose counts changed, and at all where the run itself did."""
        is_live = run is not None and not run.snapshot.status.has_ended and run.snapshot.status is not RunStatus.PAUSED
        changed = [wire for wire in wires if wire.show_flow(*_flow(wire, is_live=is_live))]
        for wire in changed:
            _keep(self._moving, wire, is_kept=wire.flow is Flow.MOVING)
            _keep(self._counted, wire, is_kept=wire.count > 0)
        self._scene.update_counts(changed)
        self._choose_dashed()

    def forget(self, wire: Wire) -> None:
        """Hear that a wire is gone."""
        _keep(self._moving, wire, is_kept=False)
        _keep(self._counted, wire, is_kept=False)

    def _choose_dashed(self) -> None:
        """Let dashes move where they are few; of very many, which would take longer to paint than all else, none has any."""
        has_dashes = len(self._moving) <= MOST_MOVING
        if has_dashes is not self._style.has_dashes:
            self._style.has_dashes = has_dashes
            for wire in self._moving:
                wire.repen()
        dashed = list(self._moving) if has_dashes else []
        if dashed != self.dashed:
            self.dashed = dashed
            self._scene.ground.let_flow(dashed)


def _keep(kept: dict[Wire, None], wire: Wire, *, is_kept: bool) -> None:
    if is_kept:
        kept[wire] = None
    else:
        kept.pop(wire, None)


def _flow(wire: Wire, *, is_live: bool) -> tuple[Flow, int]:
    source, target = wire.source.face.status, wire.target.face.status
    count = source.items_out
    if count == 0:
        return Flow.NONE, 0
    is_moving = is_live and (source.state in _ACTIVE or target.state in _ACTIVE)
    return (Flow.MOVING if is_moving else Flow.PASSED), count

"""What reached an output, kept in flat lists: the garbage collector has nothing to walk there but what the user's own payloads hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.execution.branches import Branch, BranchKey
    from engine.tasks import Payload


class Reached:
    """The payloads that reached one output, as they came; an object for each would make a full collection of garbage hold the loop.

    Attributes:
        keys: by arrival, the key of the branch that the payload came on.
        slots: by arrival, which parent it came from.
        payloads: by arrival, the payload.
    """

    __slots__ = ("keys", "payloads", "slots")

    def __init__(self) -> None:
        self.keys: list[BranchKey] = []
        self.slots: list[int] = []
        self.payloads: list[Payload] = []

    def keep(self, branch: Branch, slot: int, payload: Payload) -> None:
        """Keep what the parent at ``slot`` sent on the branch."""
        opening = branch.opening
        self.keys.append(() if opening is None else (*opening.key, branch.index))
        self.slots.append(slot)
        self.payloads.append(payload)

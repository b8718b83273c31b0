"""What travels along a wire besides payloads: the news that nothing will come on a branch, so that joins and collects never wait for it."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from engine.tasks import Payload


class Absent(Enum):
    """Why no payload comes.

    Attributes:
        ENDED: the branch ended by ``[]``; what depends on it ends without fuss.
        BROKEN: an invocation failed or was skipped; what depends on it is skipped.
        PARTED: the same of a join whose parents fanned out apart, and of what follows: it lies further out than they would have run, so
            that it is paired with nothing.
    """

    ENDED = "ended"
    BROKEN = "broken"
    PARTED = "parted"


Token: TypeAlias = "Payload | Absent"  # noqa: S105  no password: what travels along a wire

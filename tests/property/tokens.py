"""What the reference knows of each branch: also what its end is compared by."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

Function = Callable[[Any, int], Any]
"""A task as the reference takes it: a plain function of payload and attempt that returns a payload, or gives several, or raises."""

Functions = Mapping[str, Function]

Path = tuple[tuple[int, int], ...]
"""The openings as (position of the task, index), so that sorting gives branch order."""

Sent = dict[Path, Any]
"""On each branch a payload, or ENDED, one of FAILS, or Broken."""

Starts = Mapping[str, Sent]
"""By task that a run starts at, what enters it there."""

ENDED = "ended by []"
CLASH, APART, NO_KEY = FAILS = ("two values for one key", "parents that fanned out apart", "no key to group by")


class Broken(NamedTuple):
    """A failed or skipped invocation of this task is why nothing comes.

    Attributes:
        depth: of the branch where parents fanned out apart, where that is why; behind it this is paired with nothing.
    """

    by: str
    depth: int | None = None


def begins(path: Path, at: Path) -> bool:
    """Return whether the path is the other one, or leads on from it."""
    return path[: len(at)] == at


def depth(*tokens: Any) -> int | None:
    """Return where parents fanned out apart, if that is why one of these is broken."""
    return next((token.depth for token in tokens if isinstance(token, Broken) and token.depth is not None), None)


def text(value: Any) -> str:
    """Return what equal values share."""
    return json.dumps(value, sort_keys=True)

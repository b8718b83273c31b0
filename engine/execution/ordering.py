"""What reached an output in branch order, however much it is, without the event loop standing meanwhile."""

from __future__ import annotations

import asyncio
import heapq
from itertools import islice, pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.execution.branches import Branch
    from engine.tasks import Payload

AT_ONCE: Final = 2_000
"""Payloads that are looked at in one turn of the loop: about 2 ms. 150,000 sorted at once held it for 200 ms."""


async def in_branch_order(reached: Sequence[tuple[Branch, int, Payload]]) -> list[Payload]:
    """Return the payloads by branch, then by parent: parts are sorted one a turn of the loop, then merged part by part."""
    runs: list[list[tuple[Any, int, Payload]]] = []
    for start in range(0, len(reached), AT_ONCE):
        if start:
            await asyncio.sleep(0)
        part = [(branch.key(), slot, payload) for branch, slot, payload in reached[start : start + AT_ONCE]]
        part.sort(key=_BY_BRANCH)
        runs.append(part)
    if all(_BY_BRANCH(one[-1]) <= _BY_BRANCH(other[0]) for one, other in pairwise(runs)):
        return [payload for run in runs for _, _, payload in run]  # all came in order, as they mostly do
    ordered: list[Payload] = []
    merged = heapq.merge(*runs, key=_BY_BRANCH)
    while part := list(islice(merged, AT_ONCE)):
        ordered += [payload for _, _, payload in part]
        await asyncio.sleep(0)
    return ordered


_BY_BRANCH = itemgetter(0, 1)

from __future__ import annotations

import random
from typing import Any

from engine.execution.branches import Branch, Opening
from engine.execution.ordering import AT_ONCE, in_branch_order
from engine.execution.reached import Reached


def reached(whole: list[tuple[Branch, int, dict[str, Any]]]) -> Reached:
    kept = Reached()
    for branch, slot, payload in whole:
        kept.keep(branch, slot, payload)
    return kept


async def test_that_any_number_of_payloads_comes_in_branch_order_then_by_parent() -> None:
    opening = Opening(1, Branch())
    branches = [Branch(opening, index) for index in range(AT_ONCE * 2 + 7)]
    whole = [(branch, slot, {"at": (branch.index, slot)}) for branch in branches for slot in (0, 1)]
    wanted = [payload for _, _, payload in whole]
    assert await in_branch_order(reached(whole)) == wanted
    assert await in_branch_order(reached(whole[::2])) == wanted[::2]
    random.Random(1).shuffle(whole)  # noqa: S311  an order like any other
    assert await in_branch_order(reached(whole)) == wanted
    assert await in_branch_order(reached([])) == []

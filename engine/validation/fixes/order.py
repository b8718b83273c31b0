"""Which of several fixes of one thing is offered first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.validation.fixes.graph import edge_to_break
from engine.validation.fixes.place import Place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.model.job_map import JobMap
    from engine.problems import Problem
    from engine.validation.subject import Definitions

_MOST_LOOKED_AT: Final = 50
"""Tasks on cycles. Of more than these nobody looks for one wire in a list, and each costs a walk through the graph."""


def last_drawn_first(problems: Sequence[Problem], job_map: JobMap, catalog: Definitions) -> list[Problem]:
    """Return the problems, of those of cycles the one first whose fix takes away the wire that was drawn last; all others stay in order.

    Args:
        problems: what ``validate`` finds in this very job map.
        job_map: the job map; a wire that is drawn stands behind all others in its ``workflow``.
        catalog: where methods are looked up.
    """
    rows = [row for row, problem in enumerate(problems) if problem.code == "cycle"]
    if not 1 < len(rows) <= _MOST_LOOKED_AT:
        return list(problems)
    drawn = {edge: number for number, edge in enumerate(job_map.workflow)}
    edges = {row: edge_to_break(Place(problems[row], job_map, catalog)) for row in rows}
    last = max(rows, key=lambda row: -1 if (edge := edges[row]) is None else drawn.get(edge, -1))
    others = [problem for row, problem in enumerate(problems) if row != last]
    return [*others[: rows[0]], problems[last], *others[rows[0] :]]

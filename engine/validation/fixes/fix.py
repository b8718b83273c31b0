"""The fix of a problem, where there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from engine.lazy_dataclasses import dataclass
from engine.validation.fixes import arguments, edges, graph, tasks
from engine.validation.fixes.place import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.model.job_map import JobMap
    from engine.problems import Problem
    from engine.validation.subject import Definitions


@dataclass(frozen=True, slots=True)
class Fix:
    """What would mend a problem.

    Attributes:
        text: what is done, short, for a button and for the list of what can be undone: ``Remove this edge``.
        job_map: the job map without the problem.
    """

    text: str
    job_map: JobMap


_Rule: TypeAlias = "Callable[[Place], tuple[str, JobMap] | None]"

_RULES: Final[Mapping[str, _Rule]] = {
    "missing-argument": arguments.add_default,
    "unknown-argument": arguments.rename_or_remove,
    "not-among-choices": arguments.choose,
    "out-of-range": arguments.bring_into_range,
    "wrong-argument-type": arguments.convert,
    "double-edge": edges.remove,
    "self-edge": edges.remove,
    "edge-into-input": edges.remove,
    "edge-out-of-output": edges.remove,
    "waits-for-ever": edges.remove,
    "type-mismatch": edges.choose_type,
    "unknown-task": edges.mend_name,
    "cycle": graph.break_cycle,
    "no-output": graph.add_output,
    "dead-end": graph.add_output,
    "no-input": graph.add_input,
    "several-inputs": graph.remove_input,
    "unknown-method": tasks.mend_method,
    "unknown-namespace": tasks.mend_method,
    "type-not-offered": tasks.choose_type,
    "missing-key": tasks.choose_type,
    "duplicate-name": tasks.rename,
    "empty-name": tasks.rename,
    "duplicate-id": tasks.drop_id,
    "join-on-output": tasks.drop_join,
    "collect-on-output": tasks.drop_collect,
    "unknown-datasource": tasks.mend_datasource,
    "unknown-format": tasks.mend_datasource,
    "unknown-key": tasks.mend_datasource,
}


def find_fix(problem: Problem, job_map: JobMap, catalog: Definitions) -> Fix | None:
    """Return what mends the problem, None where only a person can say.

    Args:
        problem: one of what ``validate`` finds in this very job map; its pointer is looked up there.
        job_map: the job map.
        catalog: where methods and their arguments are looked up.
    """
    rule = _RULES.get(problem.code)
    found = rule(Place(problem, job_map, catalog)) if rule is not None else None
    return None if found is None or found[1] is job_map else Fix(*found)

"""All rules of a job map, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.files.collector import paused_collector
from engine.validation.arguments import check_arguments
from engine.validation.data_flow import check_data_flow
from engine.validation.datasource import check_datasource
from engine.validation.joins import check_joins
from engine.validation.lanes import check_lanes
from engine.validation.methods import check_methods
from engine.validation.structure import check_structure
from engine.validation.subject import Definitions, Subject
from engine.validation.topology import check_topology
from engine.validation.unknown_keys import check_unknown_keys

if TYPE_CHECKING:
    from engine.model.job_map import JobMap
    from engine.problems import Problem

_FAMILIES = (
    check_structure,
    check_topology,
    check_datasource,
    check_methods,
    check_arguments,
    check_data_flow,
    check_joins,
    check_lanes,
    check_unknown_keys,
)
_KEY_ORDER = {"format_version": 0, "name": 1, "datasource": 2, "policy": 3, "tasks": 4, "workflow": 5, "layout": 6}


def validate(job_map: JobMap, catalog: Definitions) -> list[Problem]:
    """Return everything that is wrong with the job map, in the order of the document.

    Line and column are those of the text that the job map was read from, None where it was edited since. Namespaces and methods
    are looked up in the catalogue; no task code is imported. Files that the job map names are not looked at.
    """
    with paused_collector():
        problems = _problems_of(Subject(job_map, catalog))  # gone again before the collector could walk it
    if problems and job_map.origin.text is not None:
        from engine.files.places import with_places  # noqa: PLC0415  only a job map with flaws needs it

        problems = with_places(problems, job_map.origin.text)
    return sorted(problems, key=_position)


def _problems_of(subject: Subject) -> list[Problem]:
    return [problem for family in _FAMILIES for problem in family(subject)]


def _position(problem: Problem) -> tuple[int, int, list[tuple[int, str]]]:
    """Return a key that sorts problems by place, and where there is none by pointer with numbers as numbers."""
    first, *others = problem.pointer.split("/")[1:] or [""]
    steps = [(int(step), "") if step.isascii() and step.isdigit() else (0, step) for step in others]
    return problem.line or 0, problem.column or 0, [(_KEY_ORDER.get(first, len(_KEY_ORDER)), first), *steps]

"""Job maps from files and from Python data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.errors import JobMapError
from engine.files.collector import paused_collector
from engine.files.parsing import job_map_from
from engine.files.strict_json import JsonDocument, read_json_file
from engine.model.job_map import JobMap, from_file
from engine.problems import MOST_PROBLEMS_SHOWN, Problem


def load_job_map(path: Path | str) -> JobMap:
    """Return the job map of a file.

    Whatever has the shape of a job map is loaded; what is wrong with its meaning is for ``engine.validation`` to say.

    Raises:
        JobMapError: the file is not a job map; up to 100 problems, each with its place.
        InputMissingError: there is no such file, or it cannot be opened.
        FileWriteError: reading failed midway.
    """
    with paused_collector():
        document = read_json_file(path)
        job_map, problems = read_job_map(document)
    if problems or job_map is None:
        raise JobMapError(problems[:MOST_PROBLEMS_SHOWN], file=str(path))
    return from_file(job_map, Path(path), document.text)


def read_job_map(document: JsonDocument) -> tuple[JobMap | None, list[Problem]]:
    """Return the job map in a JSON document and every problem of its text and shape, in the order of the text.

    Where there are problems, the job map is None or only good to look for more.
    """
    if not document.complete:
        return None, list(document.problems)
    job_map, shape_problems = job_map_from(document.value)
    if not document.problems and not shape_problems:
        return job_map, []
    return job_map, _placed(document, shape_problems)


def _placed(document: JsonDocument, shape_problems: list[Problem]) -> list[Problem]:
    from engine.files.places import with_places  # noqa: PLC0415  only a file with flaws needs it

    problems = [*document.problems, *with_places(shape_problems, document.text or "")]
    problems = [_with_task(problem, document.value) for problem in problems]
    return sorted(problems, key=lambda problem: (problem.line or 0, problem.column or 0))


def _with_task(problem: Problem, value: Any) -> Problem:
    """Return the problem with the name of the task that its pointer leads through, if there is one."""
    steps = problem.pointer.split("/")
    if len(steps) < 3 or steps[1] != "tasks" or not isinstance(value, Mapping):
        return problem
    task = value["tasks"][int(steps[2])] if isinstance(value["tasks"], list) else None
    name = task.get("name") if isinstance(task, Mapping) else None
    return replace(problem, task=name) if isinstance(name, str) else problem


def parse_job_map(data: Mapping[str, Any], *, path: Path | None = None) -> JobMap:
    """Return the job map that Python data describe; the data are copied.

    Args:
        data: what a job map file holds; tuples count as arrays.
        path: the file that relative paths in the job map refer to.

    Raises:
        JobMapError: the data are not a job map; up to 100 problems.
    """
    from engine.files.plain_data import plain_data  # noqa: PLC0415  a job map of a file does without it

    value, problems = plain_data(data)
    job_map, shape_problems = job_map_from(value)
    problems = [_with_task(problem, value) for problem in (*problems, *shape_problems)]
    if problems or job_map is None:
        raise JobMapError(problems[:MOST_PROBLEMS_SHOWN], file=None if path is None else str(path))
    return from_file(job_map, path, None)

"""``ephemeral validate``: everything that is wrong with a job map, without running it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from engine.cli.console import printable, say, tell
from engine.cli.exit_codes import ExitCode
from engine.cli.failures import problem_lines
from engine.cli.job_source import read_catalog, read_map
from engine.errors import JobMapError
from engine.execution.datasources import INPUT_MISSING, datasource_problems
from engine.validation import check_file, validate

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from engine.problems import Problem


def execute(arguments: Namespace) -> int:
    """Write the problems to standard output; 65 where one of them forbids a run, 66 where all that lacks is an input."""
    problems = _problems(arguments)
    if arguments.json:
        tell(json.dumps([problem_data(problem) for problem in problems], indent=2, ensure_ascii=False))
    else:
        for line in problem_lines(problems, str(arguments.map)):
            tell(line)
        say(_verdict(str(arguments.map), problems))
    errors = {problem.code for problem in problems if problem.is_error}
    if errors == {INPUT_MISSING}:
        return ExitCode.INPUT_MISSING
    return ExitCode.BAD_JOB_MAP if errors else ExitCode.DONE


def problem_data(problem: Problem) -> dict[str, Any]:
    """Return a problem as the object of ``--json``."""
    return {
        "code": problem.code,
        "severity": problem.severity.value,
        "message": problem.message,
        "pointer": problem.pointer,
        "task": problem.task,
        "line": problem.line,
        "column": problem.column,
        "hint": problem.hint,
    }


def _problems(arguments: Namespace) -> Sequence[Problem]:
    catalog = read_catalog(arguments)
    try:
        job_map = read_map(arguments.map)
    except JobMapError:
        return check_file(arguments.map, catalog)
    problems = validate(job_map, catalog)
    if any(problem.is_error for problem in problems):
        return problems  # a datasource that is described wrongly is among them
    return [*problems, *datasource_problems(job_map)]


def _verdict(file: str, problems: Sequence[Problem]) -> str:
    errors = sum(problem.is_error for problem in problems)
    warnings = len(problems) - errors
    if not problems:
        return f"{printable(file)}: no problems"
    return f"{printable(file)}: {errors} error{'' if errors == 1 else 's'}, {warnings} warning{'' if warnings == 1 else 's'}"

"""``ephemeral check``: whether namespaces keep the structural rules."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from engine.catalog.installation import DEFINITIONS, TASK_NAMESPACES
from engine.catalog.rules import check_namespaces
from engine.catalog.sources import CODE_FOLDER, DEFINITIONS_FOLDER
from engine.cli.console import printable, say, tell
from engine.cli.exit_codes import ExitCode
from engine.cli.validate import problem_data
from engine.errors import InputMissingError

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence
    from pathlib import Path

    from engine.problems import Problem


def execute(arguments: Namespace) -> int:
    """Write every breach of the rules to standard output; 65 where there is one."""
    code, definitions = _folders(arguments.workspace)
    problems = _of_namespace(check_namespaces(code, definitions), arguments.namespace, (code, definitions))
    if arguments.json:
        tell(json.dumps([{**problem_data(problem), "file": problem.file} for problem in problems], indent=2, ensure_ascii=False))
    else:
        for problem in problems:
            tell(printable(problem.describe()))
        say("every rule is kept" if not problems else f"{len(problems)} breaches of the rules")
    return ExitCode.BAD_JOB_MAP if any(problem.is_error for problem in problems) else ExitCode.DONE


def _folders(workspace: Path | None) -> tuple[Path, Path]:
    if workspace is None:
        return TASK_NAMESPACES, DEFINITIONS
    if not workspace.is_dir():
        raise InputMissingError(workspace, "the workspace is not a folder")
    return workspace / CODE_FOLDER, workspace / DEFINITIONS_FOLDER


def _of_namespace(problems: Sequence[Problem], namespace: str | None, roots: tuple[Path, Path]) -> list[Problem]:
    """Return the problems of the files of a namespace and of those below it."""
    if namespace is None:
        return list(problems)
    steps = namespace.split(".")
    folders = [root.joinpath(*steps) for root in roots]
    if not any(folder.is_dir() for folder in folders):
        raise InputMissingError(namespace, "there is no such namespace")
    starts = tuple(str(folder) for folder in folders)
    return [problem for problem in problems if problem.file is not None and problem.file.startswith(starts)]

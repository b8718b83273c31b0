"""Checking, building and running a job map with the methods of a workspace: what the command line and scripts begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine import execution, validation
from engine.catalog import load_catalog

if TYPE_CHECKING:
    from pathlib import Path

    from engine.execution import Job, RunResult
    from engine.model.job_map import JobMap
    from engine.problems import Problem


def validate(job_map: JobMap, *, workspace: Path | None = None, trust: bool = False) -> list[Problem]:
    """Return everything that is wrong with a job map; no task code is imported.

    Args:
        job_map: the job map to check.
        workspace: a folder with definitions and namespaces of the user's own.
        trust: has no effect here, since definitions are data; taken so that all three functions are called alike.

    Raises:
        InputMissingError: the workspace is not a folder.
    """
    return validation.validate(job_map, load_catalog(workspace, trust=trust))


def build_job(job_map: JobMap, *, workspace: Path | None = None, trust: bool = False) -> Job:
    """Return a job that is validated, has its task code loaded and can run any number of times.

    Args:
        job_map: the job map to build; later edits of it make new job maps and do not touch the job.
        workspace: a folder with definitions and namespaces of the user's own.
        trust: allow the import of that workspace's code this time.

    Raises:
        JobMapError: the job map cannot run; it carries every problem.
        InputMissingError: the workspace, or something that the datasource reads, is not there.
        NotTrustedError: the job map uses a workspace that the user never trusted.
    """
    return execution.build_job(job_map, load_catalog(workspace, trust=trust))


async def run(job_map: JobMap, *, workspace: Path | None = None, trust: bool = False, **options: Any) -> RunResult:
    """Build a job and run it once.

    Cancelling this coroutine cancels the run: what runs is cancelled and waited for.

    Args:
        job_map: the job map to run.
        workspace: a folder with definitions and namespaces of the user's own.
        trust: allow the import of that workspace's code this time.
        options: what ``Job.run`` takes, such as ``output``, ``subscribers``, ``dask``, ``fail_fast`` and ``max_concurrent``.

    Raises:
        JobMapError: the job map cannot run.
        InputMissingError: the workspace, or something that the datasource reads, is not there.
        NotTrustedError: the job map uses a workspace that the user never trusted.
    """
    return await build_job(job_map, workspace=workspace, trust=trust).run(**options)

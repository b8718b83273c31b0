"""Ephemeral's engine: job maps are read, checked and run here, without a window.

    import asyncio, engine

    job_map = engine.load_job_map("job.json")
    for problem in engine.validate(job_map):
        print(problem.describe("job.json"))
    result = asyncio.run(engine.run(job_map))
    print(result.outputs)

Everything named here is for others to use, and nothing of it is imported before it is asked for: task code, which needs ``engine.tasks``
alone, does not pay for the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.lazy_names import lazy_names

if TYPE_CHECKING:
    from engine.catalog import Catalog, load_catalog
    from engine.errors import (
        EphemeralError,
        ExecutorLostError,
        FileWriteError,
        InputMissingError,
        JobMapError,
        NotTrustedError,
        OutputError,
    )
    from engine.execution import Job, Run, RunResult
    from engine.execution.failure import Failure
    from engine.execution.progress import ProgressSnapshot, RunStatus
    from engine.files import dump_job_map, job_map_to_data, load_job_map, parse_job_map, save_job_map
    from engine.jobs import build_job, run, validate
    from engine.model.definition import Argument, Definition
    from engine.model.job_map import Datasource, JobMap, Task, TaskType
    from engine.problems import Problem, Severity

__version__ = "0.1.0"

__all__ = [
    "Argument",
    "Catalog",
    "Datasource",
    "Definition",
    "EphemeralError",
    "ExecutorLostError",
    "Failure",
    "FileWriteError",
    "InputMissingError",
    "Job",
    "JobMap",
    "JobMapError",
    "NotTrustedError",
    "OutputError",
    "Problem",
    "ProgressSnapshot",
    "Run",
    "RunResult",
    "RunStatus",
    "Severity",
    "Task",
    "TaskType",
    "__version__",
    "build_job",
    "dump_job_map",
    "job_map_to_data",
    "load_catalog",
    "load_job_map",
    "parse_job_map",
    "run",
    "save_job_map",
    "validate",
]

_NAMES = {
    "engine.catalog": ("Catalog", "load_catalog"),
    "engine.errors": (
        "EphemeralError",
        "ExecutorLostError",
        "FileWriteError",
        "InputMissingError",
        "JobMapError",
        "NotTrustedError",
        "OutputError",
    ),
    "engine.execution": ("Job", "Run", "RunResult"),
    "engine.execution.failure": ("Failure",),
    "engine.execution.progress": ("ProgressSnapshot", "RunStatus"),
    "engine.files": ("dump_job_map", "job_map_to_data", "load_job_map", "parse_job_map", "save_job_map"),
    "engine.jobs": ("build_job", "run", "validate"),
    "engine.model.definition": ("Argument", "Definition"),
    "engine.model.job_map": ("Datasource", "JobMap", "Task", "TaskType"),
    "engine.problems": ("Problem", "Severity"),
}
__getattr__, __dir__ = lazy_names(__name__, _NAMES)

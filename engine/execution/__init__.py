"""Running a job map: ``build_job`` makes a job, ``Job.run`` runs it."""

from engine.execution.job import Job, build_job
from engine.execution.result import RunResult
from engine.execution.run import Run
from engine.execution.run_options import RunOptions

__all__ = ["Job", "Run", "RunOptions", "RunResult", "build_job"]

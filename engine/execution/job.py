"""A job: a job map that was validated, planned and had its task code loaded. It can run any number of times."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from engine.errors import JobMapError
from engine.execution import log_records
from engine.execution.datasources import open_datasource
from engine.execution.executors.loop import on_loop
from engine.execution.executors.placing import Origins, placed
from engine.execution.planning import make_plan
from engine.execution.refusal import refusal
from engine.execution.run import Run
from engine.execution.run_options import RunOptions
from engine.execution.secrets import look_up_secrets
from engine.execution.snapshots import idle_snapshot
from engine.model.job_map import Disabled
from engine.problems import pointer_to
from engine.validation import validate
from engine.validation.subject import Definitions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.execution.datasources import OpenedDatasource
    from engine.execution.progress import ProgressSnapshot
    from engine.execution.result import RunResult
    from engine.execution.secrets import Secrets
    from engine.model.definition import Definition, MethodName
    from engine.model.job_map import JobMap, Task
    from engine.problems import Problem
    from engine.tasks import Payload, TaskBody, TaskResult


class Methods(Definitions, Origins, Protocol):
    """What building a job asks of the catalogue."""

    def load_body(self, namespace: str, method: str, init_args: Mapping[str, Any], /) -> TaskBody:
        """Import the task code of a method and return its body."""


class Job:
    """A job that is ready to run. Made by ``build_job``.

    Attributes:
        warnings: what the validator found that does not forbid a run.
    """

    def __init__(
        self,
        job_map: JobMap,
        definitions: Mapping[MethodName, Definition],
        bodies: tuple[TaskBody, ...],
        secrets: Secrets,
        warnings: Sequence[Problem] = (),
    ) -> None:
        self.job_map = job_map
        self.plan = make_plan(job_map, definitions)
        self.bodies = bodies
        self.secrets = secrets
        self.warnings = tuple(warnings)
        self._definitions = definitions

    @property
    def progress(self) -> ProgressSnapshot:
        """The progress before any run: every task ready."""
        return idle_snapshot(self.plan)

    def start(self, **options: Any) -> Run:
        """Start a run on the running event loop and return it at once; ``RunOptions`` says what can be chosen.

        Raises:
            JobMapError: there is no such part of the job as ``start_at`` and ``end_after`` ask for.
            OutputError: the output folder cannot be made.
            RuntimeError: no event loop is running.
        """
        log_records.install()
        chosen = RunOptions(**options)
        if not chosen.start_at and not chosen.end_after:
            return Run(self, chosen, self.plan)
        from engine.execution.partial_runs import part_of  # noqa: PLC0415  a whole run starts without it

        part = part_of(self.job_map, self.plan, chosen.start_at, chosen.end_after)
        return Run(self, chosen, make_plan(self.job_map, self._definitions, part), part.starts)

    async def run(self, **options: Any) -> RunResult:
        """Run to the end and return the result.

        Being cancelled cancels the run and waits for its end; being cancelled again stops waiting.
        """
        run = self.start(**options)
        try:
            return await run.wait()
        except asyncio.CancelledError:
            run.cancel()
            await run.wait()
            raise


def build_job(job_map: JobMap, catalog: Methods) -> Job:
    """Return a job that is validated and has its datasource checked and its task code loaded.

    Raises:
        JobMapError: the job map cannot run; it carries every problem.
        InputMissingError: something that the datasource reads is not there.
        NotTrustedError: the job map uses task code that the user never trusted.
    """
    problems = validate(job_map, catalog)
    if any(problem.is_error for problem in problems):
        raise refusal(problems, job_map)
    datasource = open_datasource(job_map)
    secrets = look_up_secrets(job_map)
    with log_records.kept_out(secrets):
        bodies = _load_bodies(job_map, catalog, secrets, datasource)
    return Job(job_map, _definitions_of(job_map, catalog), bodies, secrets, problems)


def _definitions_of(job_map: JobMap, catalog: Methods) -> Mapping[MethodName, Definition]:
    """Ask for what the job names alone: asking for all would look through every installed package."""
    names = {(task.namespace, task.method) for task in job_map.tasks if task.is_function}
    return {name: definition for name in names if (definition := catalog.definition(*name)) is not None}


def _load_bodies(job_map: JobMap, catalog: Methods, secrets: Secrets, datasource: OpenedDatasource) -> tuple[TaskBody, ...]:
    problems: list[Problem] = []
    bodies: list[TaskBody] = []
    for index, task in enumerate(job_map.tasks):
        try:
            bodies.append(_load_body(task, catalog, secrets) if task.is_function else _reader(datasource))
        except JobMapError as error:
            problems.extend(_placed(each, index, task, secrets) for each in error.problems)
    if problems:
        raise refusal(problems, job_map)
    return tuple(bodies)


def _placed(problem: Problem, index: int, task: Task, secrets: Secrets) -> Problem:
    """Return a problem of task code with its place in the job map, and with no secret in its text."""
    return replace(problem, message=secrets.redact(problem.message), pointer=pointer_to("tasks", index) + problem.pointer, task=task.name)


def _load_body(task: Task, catalog: Methods, secrets: Secrets) -> TaskBody:
    if task.disabled is Disabled.BYPASS:
        return _pass_by
    if task.disabled is Disabled.OFF:
        return _never_called
    init_args = secrets.revealed(task.init_args)
    body = catalog.load_body(task.namespace, task.method, init_args)
    return placed(on_loop(body), task, catalog, init_args)


def _reader(datasource: OpenedDatasource) -> TaskBody:
    """Return the body of the input task (and of outputs, whose body is never called)."""

    async def read(_: Payload) -> Any:
        payloads = datasource.read()
        return payloads if datasource.fans_out else next(payloads)

    return read


async def _pass_by(payload: Payload) -> TaskResult:
    return payload


async def _never_called(_: Payload) -> TaskResult:
    raise AssertionError("a task that is switched off is never called")

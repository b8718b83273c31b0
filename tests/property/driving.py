"""Running a drawn job in the engine, with bodies that go on in an order drawn from a seed."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from engine import tasks as author
from engine.errors import JobMapError
from engine.execution import build_job
from engine.execution.events import InvocationSkipped
from engine.execution.partial_runs import part_of
from engine.execution.progress import RunStatus
from tests.jobs_in_memory import Methods
from tests.property.behaviours import HANGS, plain_function
from tests.property.comparing import WHOLE, assert_part_of, expected, meaning_of
from tests.property.job_graphs import part_from

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Collection

    from engine.execution.events import Event
    from engine.execution.job import Job
    from engine.execution.result import RunResult
    from engine.execution.run import Run
    from engine.model.job_map import JobMap
    from engine.tasks import TaskBody
    from tests.property.comparing import Meaning, Part, Skip
    from tests.property.job_graphs import DrawnJob
    from tests.property.tokens import Function, Functions


class Scheduler:
    """Holds bodies that wait, and lets them go on one by one, by chance."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)  # noqa: S311  for chance, not for secrets
        self.waiting: list[asyncio.Future[None]] = []

    async def wait(self) -> None:
        """Wait as a body does that awaits something: not at all, or until it was let go on, once or more often."""
        for _ in range(self.dice.choice((0, 0, 0, 1, 1, 2))):
            await self.hold()

    async def hold(self) -> None:
        """Wait until it was let go on."""
        going_on = asyncio.get_running_loop().create_future()
        self.waiting.append(going_on)
        await going_on

    def let_one_go_on(self) -> None:
        """Let one of those that wait go on."""
        if self.waiting:
            place = self.dice.randrange(len(self.waiting))
            self.waiting[place], self.waiting[-1] = self.waiting[-1], self.waiting[place]
            going_on = self.waiting.pop()
            if not going_on.done():
                going_on.set_result(None)


def body(function: Function, scheduler: Scheduler) -> TaskBody:
    """Return the plain function as the body of a task; a generator of it may become an asynchronous one."""

    async def run_task(payload: Any) -> Any:
        await scheduler.wait()
        result = function(payload, author.context().attempt)
        if result is HANGS:
            await asyncio.get_running_loop().create_future()
        return each_later(result, scheduler) if isinstance(result, Iterator) and scheduler.dice.random() < 0.5 else result

    return run_task


async def each_later(items: Iterator[Any], scheduler: Scheduler) -> AsyncIterator[Any]:
    for item in items:
        await scheduler.wait()
        yield item


class Driven:
    """A job of plain functions, to be run by the engine and worked out by the reference.

    Attributes:
        functions: what each function task does.
        fans_out: the tasks whose definitions say that they fan out.
        part: what of the job is to run.
        skipped: what the engine said that it skipped.
        listeners: told of every event.
    """

    def __init__(self, job_map: JobMap, functions: Functions, fans_out: Collection[str] = (), *, seed: int = 0, part: Part = WHOLE) -> None:
        self.job_map, self.functions, self.fans_out, self.part = job_map, functions, fans_out, part
        self.scheduler = Scheduler(seed)
        self.skipped: list[Skip] = []
        self.listeners: list[Callable[[Event], None]] = []

    @classmethod
    def of(cls, drawn: DrawnJob, seed: int) -> Driven:
        """Return a drawn job."""
        functions = {name: plain_function(name, behaviour) for name, behaviour in drawn.behaviours.items()}
        return cls(drawn.job_map, functions, drawn.declared, seed=seed)

    def build(self) -> Job:
        """Return the job.

        Raises:
            JobMapError: what was drawn is no valid job map.
        """
        bodies = {name: body(function, self.scheduler) for name, function in self.functions.items()}
        return build_job(self.job_map, Methods(bodies, self.fans_out))

    def take_part(self, job: Job, part: Part) -> None:
        """Let only the part run, where there is such a part."""
        with contextlib.suppress(JobMapError):
            part_of(self.job_map, job.plan, *part)
            self.part = part

    def expected(self) -> Meaning:
        """Return what the reference makes of it."""
        return expected(self.job_map, self.functions, self.fans_out, self.part)

    def meaning_of(self, result: RunResult, meant: Meaning) -> Meaning:
        """Return what the engine made of it, as far as the reference says what that must be."""
        return meaning_of(result, self.skipped, meant)

    def hear(self, event: Event) -> None:
        """Note what is skipped."""
        if isinstance(event, InvocationSkipped):
            self.skipped.append((event.task, event.branch_path, event.cause))

    def start(self, job: Job, **options: Any) -> Run:
        """Start the run of the part.

        Raises:
            JobMapError: there is no such part.
        """
        start_at, end_after = self.part
        return job.start(subscribers=[self.hear, *self.listeners], start_at=start_at, end_after=end_after, **options)

    async def run(self, job: Job, meddle: Callable[[Run], None] | None = None, **options: Any) -> RunResult:
        """Run to the end; ``meddle`` is called before each body that is let go on."""
        run = self.start(job, **options)
        async with asyncio.TaskGroup() as group:
            ended = group.create_task(run.wait())
            while not ended.done():
                for _ in range(self.scheduler.dice.choice((1, 1, 2, 4))):
                    await asyncio.sleep(0)
                if meddle is not None:
                    meddle(run)
                self.scheduler.let_one_go_on()
        return ended.result()


def ready(drawn: DrawnJob, seed: int) -> tuple[Driven, Job, Meaning]:
    """Return what was drawn, or a part of it, ready to run, and what the reference makes of it.

    Raises:
        JobMapError: what was drawn is no valid job map.
    """
    driven = Driven.of(drawn, seed)
    job = driven.build()
    driven.take_part(job, part_from(drawn.job_map, seed))
    return driven, job, driven.expected()


def assert_as_meant(driven: Driven, meant: Meaning, result: RunResult) -> None:
    """See to it that the engine made of it what the reference did; a part of that where a failure stops the run."""
    assert result.status is (RunStatus.FAILED if meant.failed else RunStatus.DONE)
    if meant.is_stopped:
        assert_part_of(driven.meaning_of(result, meant), meant)
        return
    assert driven.meaning_of(result, meant) == meant
    assert all(task.is_closed for task in result.progress.tasks.values())

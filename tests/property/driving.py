"""Running a drawn job in the engine, with bodies that go on in an order drawn from a seed, and holding the end against the reference."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine import tasks as author
from engine.execution import build_job
from engine.execution.events import InvocationSkipped
from engine.model.definition import Definition
from engine.model.graph import reachable
from engine.model.job_map import Disabled, Join
from tests.property.behaviours import plain_function
from tests.property.reference import Reference
from tests.property.spelled_out import spelled_out

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Mapping

    from engine.execution.events import Event
    from engine.execution.job import Job
    from engine.execution.result import RunResult
    from engine.execution.run import Run
    from engine.model.job_map import JobMap
    from engine.tasks import TaskBody
    from tests.property.job_graphs import DrawnJob

Function = Callable[[Any, int], Any]
"""A task as the reference takes it: a plain function of payload and attempt."""

Skip = tuple[str, tuple[tuple[str, int], ...], str]


class Scheduler:
    """Holds bodies that wait, and lets them go on one by one, by chance."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)  # noqa: S311  for chance, not for secrets
        self.waiting: list[asyncio.Future[None]] = []

    async def wait(self) -> None:
        """Wait as a body does that awaits something: not at all, or until it was let go on, once or more often."""
        for _ in range(self.dice.choice((0, 0, 0, 1, 1, 2))):
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


class Methods:
    """A catalogue of one namespace whose methods are the tasks of one job map."""

    problems = ()

    def __init__(self, bodies: Mapping[str, TaskBody], fans_out: Collection[str]) -> None:
        self.bodies = bodies
        self.definitions = {
            ("drawn", name): Definition("drawn", name, name, ("any",), ("any",), fans_out=name in fans_out) for name in bodies
        }

    def definition(self, namespace: str, method: str) -> Definition | None:
        return self.definitions.get((namespace, method))

    def namespaces(self) -> tuple[str, ...]:
        return ("drawn",)

    def methods(self, _namespace: str) -> tuple[str, ...]:
        return tuple(self.bodies)

    def workspace_of(self, _namespace: str) -> None:
        return None

    def load_body(self, _namespace: str, method: str, _init_args: Mapping[str, Any]) -> TaskBody:
        return self.bodies[method]


def body(function: Function, scheduler: Scheduler) -> TaskBody:
    """Return the plain function as the body of a task; a generator of it may become an asynchronous one."""

    async def run_task(payload: Any) -> Any:
        await scheduler.wait()
        result = function(payload, author.context().attempt)
        return each_later(result, scheduler) if isinstance(result, Iterator) and scheduler.dice.random() < 0.5 else result

    return run_task


async def each_later(items: Iterator[Any], scheduler: Scheduler) -> AsyncIterator[Any]:
    for item in items:
        await scheduler.wait()
        yield item


@dataclass
class Driven:
    """A job of plain functions, to be run by the engine and worked out by the reference.

    Attributes:
        functions: what each function task does.
        fans_out: the tasks whose definitions say that they fan out.
        skipped: what the engine said that it skipped.
        listeners: told of every event.
        left_open: tasks of which the rules do not say how they end, once the reference has found them.
    """

    job_map: JobMap
    functions: Mapping[str, Function]
    fans_out: Collection[str] = ()
    seed: int = 0
    skipped: list[Skip] = field(default_factory=list)

    listeners: list[Callable[[Event], None]] = field(default_factory=list)
    left_open: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self.scheduler = Scheduler(self.seed)

    @classmethod
    def of(cls, drawn: DrawnJob, seed: int) -> Driven:
        """Return a drawn job."""
        job_map, behaviours, fans_out = drawn
        return cls(job_map, {name: plain_function(name, behaviour) for name, behaviour in behaviours.items()}, fans_out, seed)

    def build(self) -> Job:
        """Return the job.

        Raises:
            JobMapError: what was drawn is no valid job map.
        """
        bodies = {name: body(function, self.scheduler) for name, function in self.functions.items()}
        return build_job(self.job_map, Methods(bodies, self.fans_out))

    def hear(self, event: Event) -> None:
        """Note what is skipped."""
        if isinstance(event, InvocationSkipped):
            self.skipped.append((event.task, event.branch_path, event.cause))

    async def run(self, job: Job, meddle: Callable[[Run], None] | None = None, **options: Any) -> RunResult:
        """Run to the end; ``meddle`` is called before each body that is let go on."""
        run = job.start(subscribers=[self.hear, *self.listeners], **options)
        async with asyncio.TaskGroup() as group:
            ended = group.create_task(run.wait())
            while not ended.done():
                for _ in range(self.scheduler.dice.choice((1, 1, 2, 4))):
                    await asyncio.sleep(0)
                if meddle is not None:
                    meddle(run)
                self.scheduler.let_one_go_on()
        return ended.result()


@dataclass(frozen=True)
class Meaning:
    """How a run ends, in terms that engine and reference share; payloads as text, in which NaN equals NaN."""

    outputs: dict[str, list[str]]
    failed: list[Any]
    skipped: list[Skip]

    def without(self, tasks: Collection[str]) -> Meaning:
        """Return what is known of all other tasks."""
        outputs = {name: payloads for name, payloads in self.outputs.items() if name not in tasks}
        return Meaning(outputs, *([each for each in ends if each[0] not in tasks] for ends in (self.failed, self.skipped)))


def meaning_of(result: RunResult, driven: Driven) -> Meaning:
    """Return what the engine made of it, as far as that is not left open."""
    outputs = {output["name"]: list(map(json.dumps, output["data"])) for output in result.outputs}
    return Meaning(outputs, sorted((each.task, each.branch_path) for each in result.failures), sorted(driven.skipped)).without(
        driven.left_open
    )


def left_open(job_map: JobMap, reference: Reference) -> frozenset[str]:
    """Return the tasks of which docs/decisions say that their end is left open.

    They stand behind a join whose parents fanned out apart, behind that a join of any, and are or stand behind a join behind both.
    """

    def joins_behind(names: Collection[str], *, of_any: bool) -> list[str]:
        behind = reachable(job_map.children, [child for name in names for child in job_map.children[name]])
        joins = [name for name in behind if len(job_map.parents[name]) > 1 and job_map.by_name[name].is_function]
        return [name for name in joins if (job_map.by_name[name].join is Join.ANY) is of_any]

    any_joins = joins_behind(reference.parted, of_any=True)
    return frozenset(reachable(job_map.children, joins_behind(any_joins, of_any=False))) if any_joins else frozenset()


def expected(driven: Driven) -> Meaning:
    """Return what the reference makes of it, as far as that is not left open."""
    job_map = spelled_out(driven.job_map, driven.fans_out)
    passed_by = {task.name: lambda payload, _: payload for task in job_map.tasks if task.disabled is Disabled.BYPASS}
    reference = Reference(job_map, {"in": lambda _payload, _attempt: {"x": 0}, **driven.functions, **passed_by})
    names = [task.name for task in job_map.tasks]

    def named(path: Any) -> Any:
        return tuple((names[place], index) for place, index in path)

    failed = sorted((task, named(path)) for task, path in reference.failed)
    skipped = sorted((task, named(path), cause) for task, path, cause in reference.skipped)
    outputs = {name: list(map(json.dumps, payloads)) for name, payloads in reference.outputs.items()}
    driven.left_open = left_open(job_map, reference)
    return Meaning(outputs, failed, skipped).without(driven.left_open)

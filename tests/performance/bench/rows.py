"""The rows of the table: which work, which ways to do it, and how fast ours has to be."""

from __future__ import annotations

import contextlib
import functools
import json
import time
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from engine.catalog import load_catalog
from engine.execution.planning import make_plan
from engine.files import load_job_map
from engine.validation import validate
from tests.performance.bench import bare_asyncio, job_shapes, one_process
from tests.performance.bench.canvas import canvas
from tests.performance.bench.command_line import many_branches
from tests.performance.bench.doubling import doubling
from tests.performance.bench.large_maps import large_map
from tests.performance.bench.measuring import FLOOR, ON_QT, OURS, Contestant, Row, Target
from tests.performance.bench.rivals import rivals

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from engine.execution import Job
    from tests.performance.bench.measuring import Loop

    Maker = Callable[[Path], AbstractContextManager[Row]]

ON_QT_MOST = Target(1.3, ON_QT, OURS)
RIVALS = (Target(1 / 8, OURS, "dask threaded"), Target(1 / 200, OURS, "distributed"))
BRANCHES = 100_000
"""Of the row that measures time; one process of its own carries the million, for memory."""


def _qt_loop() -> Loop:
    """Return what makes the window's event loop; None where there is no Qt."""
    if find_spec("PySide6") is None:
        return None
    qt, qt_loop = import_module("PySide6.QtWidgets"), import_module("ephemeral_gui.qt_loop")
    application = qt.QApplication.instance() or qt.QApplication(["bench"])
    return lambda: qt_loop.EventLoop(application)


def _ours(job: Job) -> Callable[[], Awaitable[None]]:
    async def run() -> None:
        result = await job.run()
        if not result.ok:
            raise AssertionError(result.failures)

    return run


def _ways(floor: Callable[[], Awaitable[None]], ours: Callable[[], Awaitable[None]], units: int) -> dict[str, Contestant]:
    ways = {FLOOR: Contestant(floor, units), OURS: Contestant(ours, units)}
    loop = _qt_loop()
    return ways if loop is None else {**ways, ON_QT: Contestant(ours, units, loop)}


def _shape(name: str, floor: Callable[[], Awaitable[None]], job: Job, units: int, most: float) -> Maker:
    @contextlib.contextmanager
    def make(_: Path) -> Iterator[Row]:
        yield Row(name, {**_ways(floor, _ours(job), units), **rivals(name)}, (Target(most), ON_QT_MOST, *RIVALS))

    return make


@contextlib.contextmanager
def _plan_and_run(_: Path) -> Iterator[Row]:
    job = job_shapes.chain(1_000)

    async def ours() -> None:
        make_plan(job.job_map, {})
        await job.run()

    yield Row("chain: plan and run", _ways(functools.partial(bare_asyncio.chain, 1_000), ours, 1_000), (Target(1.2),))


@contextlib.contextmanager
def _waiting(_: Path) -> Iterator[Row]:
    floor = functools.partial(bare_asyncio.waiting, 1_000, 0.01, 100)
    ours = _ours(job_shapes.waiting(1_000, 0.01, 100))
    ways = {name: replace(way, clock=time.perf_counter) for name, way in _ways(floor, ours, 1_000).items()}
    yield Row("I/O: 1,000 x 10 ms, 100 at once", ways, (Target(1.05), ON_QT_MOST))


@contextlib.contextmanager
def _stream(_: Path) -> Iterator[Row]:
    floor = functools.partial(bare_asyncio.stream, BRANCHES)
    yield Row(f"{BRANCHES:,} branches of a generator x 2", _ways(floor, _ours(job_shapes.stream(BRANCHES)), 2 * BRANCHES), (ON_QT_MOST,))


@contextlib.contextmanager
def _gather(_: Path) -> Iterator[Row]:
    work = functools.partial(bare_asyncio.gather, 20_000)
    yield Row("gather of 20,000 (the loop alone)", _ways(work, work, 20_000), (ON_QT_MOST,))


def _validation(count: int) -> Maker:
    @contextlib.contextmanager
    def make(folder: Path) -> Iterator[Row]:
        path = folder / f"{count}.json"
        path.write_text(json.dumps(large_map(count)), encoding="utf-8")
        text, catalog, repeats = path.read_text(encoding="utf-8"), load_catalog(), max(1, 1_000 // count)

        def floor() -> None:
            for _ in range(repeats):
                json.loads(text)

        def ours() -> None:
            for _ in range(repeats):
                if validate(load_job_map(path), catalog):
                    raise AssertionError("the map is valid")

        ways = {FLOOR: Contestant(floor, count * repeats), OURS: Contestant(ours, count * repeats)}
        yield Row(f"load and validate {count:,} tasks / json.loads", ways, (Target(5),) if count >= 1_000 else ())

    return make


ROWS: dict[str, Maker] = {
    "chain": _shape("chain", functools.partial(bare_asyncio.chain, 1_000), job_shapes.chain(1_000), 1_000, 0.4),
    "plan": _plan_and_run,
    "fan-out": _shape("fan-out", functools.partial(bare_asyncio.fan_out, 10_000), job_shapes.fan_out(10_000), 20_000, 0.3),
    "layers": _shape("layers", functools.partial(bare_asyncio.layers, 50, 50), job_shapes.layers(50, 50), 2_500, 0.8),
    "io": _waiting,
    "stream": _stream,
    "gather": _gather,
    "validation-10": _validation(10),
    "validation-1000": _validation(1_000),
    "validation-10000": _validation(10_000),
}
"""What makes each row, by the word that asks for it."""

FIGURES: dict[str, Callable[[], Iterator[one_process.Figure]]] = {
    "memory": one_process.memory_of_branches,
    "many": many_branches,
    "lag": one_process.lag,
    "doubling": doubling,
    "start-up": one_process.start_up,
    "cpu": one_process.cpu_work,
    "canvas": canvas,
}
"""Figures that stand alone: most need a process of their own."""


def wanted(words: Any, known: Any) -> list[str]:
    """Return the known names that the words ask for: all where there are no words."""
    return [name for name in known if not words or any(name.startswith(word) for word in words)]

"""The same work in other engines, each only where it is installed."""

from __future__ import annotations

import contextlib
import logging
import time
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from tests.performance.bench.measuring import Contestant

if TYPE_CHECKING:
    from collections.abc import Iterator

SMALL_CHAIN, SMALL_FAN_OUT, SMALL_LAYERS = 200, 500, 20
"""Slow engines do less of the same work; the table counts by invocation."""


def _same(*payloads: Any) -> Any:
    return payloads[0]


def graphs(chain: int, fan_out: int, layers: int) -> dict[str, tuple[dict[str, Any], list[str], int]]:
    """Return dask graphs of the three shapes: the graph, the keys to ask for, and how many tasks it has."""
    row: dict[str, Any] = {"t0": (_same, 1)} | {f"t{n}": (_same, f"t{n - 1}") for n in range(1, chain)}
    fan: dict[str, Any] = {f"a{n}": (_same, n) for n in range(fan_out)} | {f"b{n}": (_same, f"a{n}") for n in range(fan_out)}
    mesh: dict[str, Any] = {f"l0-{n}": (_same, n) for n in range(50)}
    for level in range(1, layers):
        mesh |= {f"l{level}-{n}": (_same, f"l{level - 1}-{n}", f"l{level - 1}-{(n + 1) % 50}") for n in range(50)}
    return {
        "chain": (row, [f"t{chain - 1}"], chain),
        "fan-out": (fan, [f"b{n}" for n in range(fan_out)], 2 * fan_out),
        "layers": (mesh, [f"l{layers - 1}-{n}" for n in range(50)], 50 * layers),
    }


def rivals(shape: str) -> dict[str, Contestant]:
    """Return the rivals for a shape that are installed, by name."""
    makers = {"dask threaded": ("dask", _dask_threaded), "distributed": ("distributed", _distributed)}
    makers |= {"prefect": ("prefect", _prefect), "parsl": ("parsl", _parsl), "redun": ("redun", _redun)}
    return {name: make(shape) for name, (package, make) in makers.items() if find_spec(package)}


def _contestant(work: Any, units: int, setting: Any = contextlib.nullcontext) -> Contestant:
    return Contestant(work, units, clock=time.process_time, setting=setting)


def _dask_threaded(shape: str) -> Contestant:
    get = import_module("dask.threaded").get

    graph, keys, units = graphs(1_000, 2_000, 50)[shape]
    return _contestant(lambda: get(graph, keys), units)


def _distributed(shape: str) -> Contestant:
    client_class = import_module("distributed").Client
    graph, keys, units = graphs(SMALL_CHAIN, SMALL_FAN_OUT, SMALL_LAYERS)[shape]
    options = {"silence_logs": logging.ERROR, "dashboard_address": None, "set_as_default": False}
    clients: list[Any] = []

    @contextlib.contextmanager
    def setting() -> Iterator[None]:
        with client_class(processes=False, n_workers=1, threads_per_worker=2, **options) as client:
            clients[:] = [client]
            yield

    return _contestant(lambda: clients[0].get(graph, keys), units, setting)


def _prefect(shape: str) -> Contestant:
    prefect = import_module("prefect")
    step = prefect.task(_same)
    return _contestant(prefect.flow(lambda: _carry_out(shape, step.submit, 20)), _units(shape, 20))


def _parsl(shape: str) -> Contestant:
    parsl = import_module("parsl")
    step = parsl.python_app(_same)
    config = parsl.Config(executors=[parsl.ThreadPoolExecutor(max_threads=2)])
    return _contestant(lambda: [each.result() for each in _carry_out(shape, step, 20)], _units(shape, 20), lambda: parsl.load(config))


def _redun(shape: str) -> Contestant:
    redun = import_module("redun")
    step = redun.task(namespace="bench")(_same)
    scheduler = redun.Scheduler()
    return _contestant(lambda: scheduler.run(_carry_out(shape, step, 20)), _units(shape, 20))


def _units(shape: str, size: int) -> int:
    return size if shape == "chain" else 2 * size if shape == "fan-out" else size * 50


def _carry_out(shape: str, step: Any, size: int) -> list[Any]:
    """Call the step through the shape, each call with what the calls before it gave."""
    if shape == "chain":
        last = step(1)
        for _ in range(size - 1):
            last = step(last)
        return [last]
    if shape == "fan-out":
        return [step(step(number)) for number in range(size)]
    level = [step(number) for number in range(50)]
    for _ in range(size - 1):
        level = [step(one, level[(place + 1) % 50]) for place, one in enumerate(level)]
    return level

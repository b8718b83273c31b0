"""Figures that only a process of its own can give: memory, lag of a loop, starting up, work on several cores."""

from __future__ import annotations

import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[3]
SIMPLE_EXAMPLE = ROOT / "resources" / "jobs" / "simple-example" / "job.json"
MEBIBYTE = 1024 * 1024
PAIRS = 5
START_UP_PAIRS = 15
"""Of processes, which vary more than what runs in one."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its unit, and the most that it may be.

    ``value`` None means that it could not be measured; ``note`` says why.
    """

    name: str
    value: float | None
    unit: str
    most: float | None = None
    note: str = ""

    @property
    def misses(self) -> bool:
        """True where the target is missed."""
        return self.value is not None and self.most is not None and self.value > self.most


def memory_of_branches() -> Iterator[Figure]:
    """A million branches of a generator through two stages, ours over bare asyncio."""
    bare = [_child("branches", "bare") for _ in range(3)]
    ours = [_child("branches", "ours") for _ in range(3)]
    added = statistics.median(each["megabytes"] for each in ours) - statistics.median(each["megabytes"] for each in bare)
    seconds = statistics.median(each["cpu"] for each in ours)
    yield Figure("10^6 branches x 2: memory over bare asyncio", added, "MB", 8)
    yield Figure("10^6 branches x 2: a branch and stage", seconds / 2, "us", 2, note=f"{1e6 / seconds:,.0f} branches/s")


def lag() -> Iterator[Figure]:
    """The longest that the loop's thread worked between two turns of it, during 300,000 no-op invocations."""
    worst = statistics.median(_child("lag")["milliseconds"] for _ in range(PAIRS))
    yield Figure("worst lag in 300,000 invocations", worst, "ms", 12)


def start_up() -> Iterator[Figure]:
    """From process start to the first task, and the whole command; both as from the second time on, with their bytecode kept."""
    with _kept_bytecode() as environment:
        pairs = [(_first_task(_OUR_SCRIPT, environment), _first_task(_BARE_SCRIPT, environment)) for _ in range(START_UP_PAIRS + 1)][1:]
        ratio = statistics.median(ours / bare for ours, bare in pairs)
        ours = statistics.median(ours for ours, _ in pairs)
        yield Figure("process start to first task / bare asyncio script", ratio, "x", 1.6, note=f"{ours * 1e3:.0f} ms CPU")
        command = [sys.executable, "-m", "engine.cli.main", "run", str(SIMPLE_EXAMPLE)]
        seconds = [_seconds(command, environment) for _ in range(PAIRS + 1)][1:]
        yield Figure("ephemeral run of the simple example", statistics.median(seconds), "s", 0.35)


def cpu_work() -> Iterator[Figure]:
    """64 x 50 ms of work that holds the interpreter, on the warm process pool over inline."""
    answer = _child("cpu")
    if "note" in answer:
        yield Figure("64 x 50 ms of CPU work, process pool / inline", None, "x", 0.56, note=answer["note"])
        return
    bare = f"bare processes {answer['bare']:.2f} x"
    yield Figure("64 x 50 ms of CPU work, process pool / inline", answer["ratio"], "x", 0.56, note=bare)
    yield Figure("worst lag of the loop meanwhile", answer["milliseconds"], "ms", 10)


def _child(*words: str) -> Any:
    """Return what a process of its own has measured."""
    command = [sys.executable, "-m", "tests.performance.bench.child", *words]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603  our own words
    if answer.returncode:
        raise RuntimeError(answer.stderr)
    return json.loads(answer.stdout.splitlines()[-1])


_BARE_SCRIPT = """
import asyncio, time
async def main():
    print(time.process_time(), flush=True)
asyncio.run(main())
"""
_OUR_SCRIPT = f"""
import asyncio, time, engine
def told(event):
    if getattr(event, "task", "") == "example" and type(event).__name__ == "InvocationStarted":
        print(time.process_time(), flush=True)
asyncio.run(engine.run(engine.load_job_map({str(SIMPLE_EXAMPLE)!r}), subscribers=[told]))
"""


@contextlib.contextmanager
def _kept_bytecode() -> Iterator[dict[str, str]]:
    """Give an environment in which modules are compiled once, whatever the one around says: as where the project is installed."""
    with tempfile.TemporaryDirectory() as folder:
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        yield {**kept, "PYTHONPYCACHEPREFIX": folder}


def _first_task(script: str, environment: dict[str, str]) -> float:
    """Return the processor seconds from the start of a process to its first task."""
    command = [sys.executable, "-c", script]
    answer = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)  # noqa: S603
    return float(answer.stdout.splitlines()[0])


def _seconds(command: list[str], environment: dict[str, str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)  # noqa: S603  our own words
    return time.perf_counter() - start

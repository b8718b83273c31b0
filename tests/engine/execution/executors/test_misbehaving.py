"""Bodies that hog, swallow and spread without end: the run goes on, ends, and says what it left."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

import engine
from engine.execution import run as run_module
from engine.execution import worker as worker_module
from engine.execution.events import InvocationStarted, InvocationSucceeded
from engine.execution.progress import RunStatus

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from engine.execution import Job, RunResult
    from engine.execution.events import Event

    Faults = Callable[..., Job]


LONG = [pytest.mark.long, pytest.mark.timeout(850)]


def reached(result: RunResult, name: str = "out") -> list[dict[str, Any]]:
    return next(output["data"] for output in result.outputs if output["name"] == name)


# Hogging


async def test_that_others_go_on_while_a_body_blocks(faults: Faults, beside_the_loop: str) -> None:
    told: list[Event] = []
    tasks = {"holds": {"how": "sleep", "seconds": 0.5, "runs": beside_the_loop}, "fan": {"count": 50}}
    result = await faults("in>holds>out in>fan>echo>out2", tasks).run(subscribers=[told.append])
    ended = [event.task for event in told if isinstance(event, InvocationSucceeded) and event.task in ("holds", "echo")]
    assert (result.ok, ended) == (True, ["echo"] * 50 + ["holds"])
    assert not [event for event in told if event.type == "loop-blocked"]


@pytest.mark.parametrize("runs", ["loop", "thread"])
async def test_that_a_body_that_holds_the_interpreter_is_timed_out_where_nothing_can_end_it(faults: Faults, runs: str) -> None:
    """All that is possible in this process: the expression ends by itself, and what it gave is too late."""
    tasks = {"holds": {"how": "interpreter", "seconds": 3, "runs": runs, "policy": {"timeout": 0.05}}, "fan": {"count": 3}}
    result = await faults("in>holds>out in>fan>echo>out2", tasks).run()
    assert [failure.describe() for failure in result.failures] == ['task "holds": timed-out: not done after 0.05 s']
    assert (len(reached(result)), len(reached(result, "out2"))) == (0, 3)


# Swallowing


@pytest.mark.parametrize("runs", ["loop", "thread"])
async def test_that_a_body_that_swallows_every_cancel_is_abandoned_by_name(
    faults: Faults, monkeypatch: pytest.MonkeyPatch, runs: str
) -> None:
    for module in (run_module, worker_module):
        monkeypatch.setattr(module, "GRACE", 0.2)
        monkeypatch.setattr(module, "CANCEL_AGAIN", 0.05)
    begun = asyncio.Event()

    def hear(event: Event) -> None:
        if isinstance(event, InvocationStarted) and event.task == "swallows":
            begun.set()

    job = faults("in>swallows>out in>echo>out2", {"swallows": {"times": 10**6, "seconds": 1.5, "runs": runs}})
    run = job.start(subscribers=[hear])
    await begun.wait()
    await asyncio.sleep(0.05)
    run.cancel()
    result = await run
    assert (result.status, result.abandoned) == (RunStatus.CANCELLED, ('task "swallows"',))
    assert len(reached(result, "out2")) == 1
    await asyncio.wait(asyncio.all_tasks() - {asyncio.current_task()})  # it ends after all


# Spreading


@pytest.mark.parametrize("limit", [1, 2])
async def test_that_nested_fan_outs_finish_within_any_limit(faults: Faults, executor: str, limit: int) -> None:
    tasks = {
        "wide": {"method": "fan", "count": 3, "runs": executor},
        "deep": {"method": "fan", "count": 4, "runs": executor},
        "echo": {"runs": executor},
    }
    result = await faults("in>wide>deep>echo>out", tasks, fields={"policy": {"max_concurrent": limit}}).run()
    assert (result.ok, len(reached(result))) == (True, 12)


MANY = """
import asyncio, resource, sys
import engine

def task(name, method, runs, **init_args):
    kinds = {"type": "function", "namespace": "faults", "method": method, "consumes": "any", "produces": "any"}
    return {"name": name, **kinds, "init_args": init_args, "policy": {"runs": runs}}

def job(count):
    return engine.build_job(engine.parse_job_map({
        "name": "job",
        "datasource": {"source": "direct", "content": {}},
        "tasks": [
            {"name": "in", "type": "input"},
            task("outer", "fan", sys.argv[2], count=count),
            task("inner", "fan", sys.argv[2], count=10),
            task("end", "returns", "loop", what="nothing"),
            {"name": "out", "type": "output"},
        ],
        "workflow": [["in", "outer"], ["outer", "inner"], ["inner", "end"], ["end", "out"]]}), workspace=sys.argv[1], trust=True)

asyncio.run(job(1).run())  # what is loaded once is none of the branches' memory
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
result = asyncio.run(job(int(sys.argv[3])).run())
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(result.ok, result.progress.tasks["end"].succeeded, grown // 1024)
"""


BETWEEN = "import subprocess, sys; sys.exit(subprocess.run(sys.argv[1:]).returncode)"
"""A small process between: a process counts as its own what the one that started it held, and these tests hold much."""


@pytest.mark.parametrize(
    ("runs", "outer"),
    [
        ("loop", 100_000),
        ("thread", 5_000),
        ("process", 5_000),
        pytest.param("thread", 100_000, marks=LONG),
        pytest.param("process", 100_000, marks=LONG),
        pytest.param("dask", 2_000, marks=LONG),
        pytest.param("dask", 100_000, marks=[pytest.mark.long, pytest.mark.timeout(7_200)]),  # a millisecond or two of dask's for each
    ],
)
def test_that_branches_without_number_take_bounded_memory(workspace: Path, runs: str, outer: int) -> None:
    command = [sys.executable, "-c", BETWEEN, sys.executable, "-c", MANY, str(workspace), runs, str(outer)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603  our own words
    ok, done, megabytes = answer.stdout.split()
    assert (ok, int(done)) == ("True", 10 * outer)
    assert int(megabytes) < 200 * outer / 100_000 + 20


# Code that cannot be imported


@pytest.fixture
def broken(workspace: Path, tmp_path: Path) -> Callable[[str], Path]:
    """Return a copy of the workspace whose task code is something else."""

    def make(code: str) -> Path:
        copy = shutil.copytree(workspace, tmp_path / "copy", ignore=shutil.ignore_patterns("__pycache__"))
        (copy / "task_namespaces" / "faults" / "tasks.py").write_text(code, encoding="utf-8")
        return copy

    return make


async def test_that_code_that_cannot_be_imported_where_it_runs_is_a_failure_by_name(
    faults: Faults, workspace: Path, broken: Callable[[str], Path], elsewhere: str
) -> None:
    """As where a library is installed here but not on the workers: the job could be built."""
    code = (workspace / "task_namespaces" / "faults" / "tasks.py").read_text("utf-8")
    only_here = f"import os\nif os.getpid() != {os.getpid()}:\n    import no_such_library\n"
    code = code.replace("import asyncio\n", f"import asyncio\n{only_here}", 1)
    tasks = {"echo": {"runs": elsewhere}, "fan": {"count": 3}}
    result = await faults("in>echo>out in>fan>out2", tasks, workspace=broken(code)).run()
    (failure,) = result.failures
    assert (failure.task, "No module named 'no_such_library'" in failure.message) == ("echo", True)
    assert len(reached(result, "out2")) == 3


@pytest.mark.parametrize("runs", ["loop", "thread", "process", "dask"])
@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import no_such_library\n", "ModuleNotFoundError: No module named 'no_such_library'"),
        ("def broken(:\n", "SyntaxError: invalid syntax"),
        ("from .tasks import echo\n", "ImportError: cannot import name 'echo' from partially initialized module"),
    ],
    ids=["missing", "syntax", "circular"],
)
def test_that_code_that_cannot_be_imported_is_found_before_the_run(
    faults: Faults, broken: Callable[[str], Path], runs: str, code: str, words: str
) -> None:
    with pytest.raises(engine.JobMapError) as refused:
        faults("in>echo>out", {"echo": {"runs": runs}}, workspace=broken(code))
    (problem,) = refused.value.problems
    assert (problem.pointer, problem.task) == ("/tasks/1", "echo")
    assert words in problem.message

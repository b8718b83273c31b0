"""The same task means the same on the loop, in a thread and in another process."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING, Any

import pytest

from engine.execution.events import TaskReported

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from engine.execution import Job, RunResult
    from engine.execution.events import Event

    Faults = Callable[..., Job]

HIDDEN = "hunter2/å"

RAISED = (
    "Exception",
    "BaseException",
    "ExceptionGroup",
    "textless",
    "unsendable",
    "huge",
    "SystemExit",
    "sys.exit",
    "KeyboardInterrupt",
    "chain",
    "recursion",
    "import",
)
RETURNED = ("None", "str", "int", "set", "lambda", "wrong item", "wrong key", "nothing")


def beside(what: tuple[str, ...], method: str, runs: str) -> tuple[str, dict[str, Any]]:
    """Return edges and tasks: one task for each thing, all of them beside an innocent one."""
    names = {f"t{number}": {"method": method, "what": each, "runs": runs} for number, each in enumerate(what)}
    return " ".join(f"in>{name}>out" for name in names) + " in>echo>out2", names


def failures(result: RunResult) -> list[tuple[str, str, str]]:
    return [(failure.task, failure.error_type, failure.message) for failure in result.failures]


def reached(result: RunResult, name: str = "out") -> list[dict[str, Any]]:
    return next(output["data"] for output in result.outputs if output["name"] == name)


@pytest.mark.parametrize(("method", "what"), [("raises", RAISED), ("returns", RETURNED)])
async def test_that_what_goes_wrong_fails_alone_and_with_the_same_words(
    faults: Faults, executor: str, method: str, what: tuple[str, ...]
) -> None:
    on_loop = await faults(*beside(what, method, "loop")).run()
    result = await faults(*beside(what, method, executor)).run()
    assert failures(result) == failures(on_loop)
    assert len(result.failures) == len(what) - what.count("nothing")
    assert len(reached(result, "out2")) == 1
    assert all(len(failure.message) < 11_000 for failure in result.failures)
    assert all(len(failure.traceback) < 21_000 for failure in result.failures)


async def test_that_a_failure_brings_the_traceback_of_where_it_was_raised(faults: Faults, executor: str) -> None:
    result = await faults(*beside(("Exception", "ExceptionGroup", "unsendable", "SystemExit"), "raises", executor)).run()
    assert all("library.RAISES[" in failure.traceback for failure in result.failures)


async def test_that_values_of_the_workspaces_own_classes_travel(faults: Faults, executor: str) -> None:
    result = await faults("in>returns>echo>out", {"returns": {"what": "own value", "runs": executor}, "echo": {"runs": executor}}).run()
    assert [payload["value"].number for payload in reached(result)] == [5]


async def test_that_a_payload_that_cannot_be_sent_is_named_by_its_place(faults: Faults, elsewhere: str) -> None:
    result = await faults("in>returns>echo>out", {"returns": {"what": "unsendable"}, "echo": {"runs": elsewhere}}).run()
    (failure,) = result.failures
    assert failure.error_type == "cannot-be-sent"
    assert failure.message.startswith('payload["deep"][1]["client"]: an Unsendable cannot be sent to ')


async def test_that_a_result_that_cannot_be_sent_is_named_by_its_place(faults: Faults, elsewhere: str) -> None:
    result = await faults("in>returns>out", {"returns": {"what": "unsendable", "runs": elsewhere}}).run()
    (failure,) = result.failures
    assert failure.error_type == "cannot-be-sent"
    assert failure.message.startswith('result["deep"][1]["client"]: an Unsendable cannot be sent to ')


def without_pid(payloads: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{key: value for key, value in payload.items() if key != "pid"} for payload in payloads]


@pytest.mark.parametrize("kind", ["plain", "async"])
@pytest.mark.parametrize("flaw", [{}, {"fails_at": 5}, {"wrong_at": 3}, {"fails_at": 0}], ids=str)
async def test_that_a_generator_opens_the_same_branches(
    faults: Faults, executor: str, tmp_path: Path, kind: str, flaw: dict[str, int]
) -> None:
    settings = {"count": 40, "async": kind == "async", **flaw}
    on_loop = await faults("in>streams>echo>out", {"streams": settings}).run(output=tmp_path)
    result = await faults("in>streams>echo>out", {"streams": {**settings, "runs": executor}}).run(output=tmp_path)
    assert (without_pid(reached(result)), failures(result)) == (without_pid(reached(on_loop)), failures(on_loop))
    assert (result.ok, len(reached(result))) == (not flaw, min(40, *flaw.values()) if flaw else 40)


async def test_that_a_generator_runs_no_further_ahead_than_a_batch(faults: Faults, executor: str, tmp_path: Path) -> None:
    job = faults("in>streams>raises>out", {"streams": {"count": 1_000_000, "runs": executor}, "raises": {"what": "Exception"}})
    result = await job.run(output=tmp_path, fail_fast=True)
    assert not result.ok
    assert int((tmp_path / "streams.txt").read_text().split()[0]) < 1000


async def test_that_generators_and_what_follows_share_few_places_without_a_deadlock(
    faults: Faults, executor: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.execution.executors.pools.processors", lambda: 1)
    monkeypatch.setattr("engine.execution.executors.threads.MOST_THREADS", 1)
    tasks: dict[str, dict[str, Any]] = {
        "fan": {"count": 3},
        "streams": {"count": 5},
        "inner": {"method": "streams", "count": 4},
        "echo": {},
    }
    placed = {name: {**fields, "runs": executor} for name, fields in tasks.items()}
    result = await faults("in>fan>streams>inner>echo>out", placed).run(output=tmp_path)
    assert (result.ok, len(reached(result))) == (True, 60)


async def test_that_bodies_know_where_they_are(faults: Faults, executor: str) -> None:
    on_loop = await faults("in>fan>finds>out", {"fan": {"count": 2}}).run()
    result = await faults("in>fan>finds>out", {"fan": {"count": 2}, "finds": {"runs": executor}}).run()
    assert reached(result) == [{**facts, "run_id": result.run_id} for facts in reached(on_loop)]
    assert [facts["branch_path"] for facts in reached(result)] == ["fan[0]", "fan[1]"]


async def test_that_bodies_write_to_the_runs_folder(faults: Faults, executor: str, tmp_path: Path) -> None:
    tasks = {"fan": {"count": 3}, "writes": {"runs": executor}}
    result = await faults("in>fan>writes>out", tasks).run(output=tmp_path / "made")
    assert result.output_folder == tmp_path / "made"
    assert sorted(path.name for path in (tmp_path / "made").iterdir()) == ["0", "1", "2"]


async def test_that_a_file_is_written_by_one_invocation_and_refused_to_the_others(faults: Faults, executor: str, tmp_path: Path) -> None:
    """Also where the folder holds what an earlier run wrote: that is replaced."""
    (tmp_path / "all").mkdir()
    (tmp_path / "all" / "map.txt").write_text("of an earlier run", encoding="utf-8")
    tasks = {"fan": {"count": 3}, "writes": {"into": "all/map.txt", "runs": executor}}
    result = await faults("in>fan>writes>out", tasks).run(output=tmp_path)
    (written,) = reached(result)
    assert [path.name for path in (tmp_path / "all").iterdir()] == ["map.txt"]
    assert (tmp_path / "all" / "map.txt").read_text("utf-8") == "here"
    assert len(result.failures) == 2
    was_written = f"'all/map.txt' was written in this run already by 'writes' on branch 'fan[{written['i']}]'"
    assert all(failure.message.startswith(was_written) for failure in result.failures)
    assert all("{season}" in failure.message for failure in result.failures)


async def test_that_a_secret_is_shown_by_nothing_that_leaves_a_body(
    faults: Faults, executor: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("API_TOKEN", HIDDEN)
    caplog.handler.setFormatter(logging.Formatter("%(message)s %(sent)s", defaults={"sent": ""}))
    told: list[Event] = []
    tasks = {"fan": {"count": 2}, "tells": {"token": {"$secret": "API_TOKEN"}, "runs": executor}}
    result = await faults("in>fan>tells>out", tasks).run(subscribers=[told.append])
    shown = (*map(repr, told), *map(repr, result.failures), repr(result.outputs), caplog.text)
    assert [text for text in shown if HIDDEN in text] == []
    assert reached(result) == [{"n": 1, "i": 0, "told": ["•••", {"•••": "and •••"}]}]
    assert [failure.message for failure in result.failures] == ["•••"]
    assert "with •••" in caplog.text
    assert "ValueError: •••" in caplog.text
    assert [record for record in caplog.records if HIDDEN in repr(vars(record))] == []


async def test_that_the_folder_is_not_made_for_bodies_that_write_nothing(faults: Faults, executor: str, tmp_path: Path) -> None:
    result = await faults("in>echo>out", {"echo": {"runs": executor}}).run(output=tmp_path / "made")
    assert (result.output_folder, (tmp_path / "made").exists()) == (None, False)


async def test_that_bodies_say_how_far_they_are(faults: Faults, executor: str) -> None:
    heard: list[Event] = []
    result = await faults("in>reports>out", {"reports": {"runs": executor}}).run(subscribers=[heard.append])
    reports = [event for event in heard if isinstance(event, TaskReported)]
    assert (reports[-1].fraction, reports[-1].text) == (1.0, "step 1000")
    assert result.ok


async def test_that_log_records_come_to_the_handlers_of_the_run(faults: Faults, executor: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        result = await faults("in>fan>logs>out", {"fan": {"count": 2}, "logs": {"runs": executor}}).run()
    records = [record for record in caplog.records if record.getMessage() == "seen Unsendable"]
    places = sorted((record.run, record.task, record.branch) for record in records)  # type: ignore[attr-defined]  # put there by the run
    assert places == [(result.run_id, "logs", "fan[0]"), (result.run_id, "logs", "fan[1]")]


async def test_that_what_bodies_elsewhere_print_is_kept_out_of_standard_output(
    faults: Faults, elsewhere: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DASK_SCHEDULER_ADDRESS", raising=False)  # a cluster of others prints where they see it
    await faults("in>logs>out", {"logs": {"runs": elsewhere}}).run()
    out, err = capfd.readouterr()
    assert (out, err) == ("", "printed by a body\n")


async def test_that_resources_are_kept_between_bodies_and_closed_with_the_run(faults: Faults, executor: str, tmp_path: Path) -> None:
    result = await faults("in>fan>opens>out", {"fan": {"count": 6}, "opens": {"runs": executor}}).run(output=tmp_path)
    uses = [payload["uses"] for payload in reached(result)]
    assert (tmp_path / "closed.txt").read_text() == "closed\n" * uses.count(1)


async def test_that_bodies_everywhere_have_a_client_of_the_runs_cluster(faults: Faults, executor: str, dask_address: str) -> None:
    """More bodies than the cluster has threads: on dask they step aside while they wait for others."""
    tasks = {"fan": {"count": 4}, "asks": {"runs": executor}}
    result = await faults("in>fan>asks>out", tasks).run(dask=dask_address)
    assert failures(result) == []
    assert [payload["at"] for payload in reached(result)] == [dask_address] * 4
    assert os.getpid() not in [payload["asked"] for payload in reached(result)]


async def test_that_attempts_are_counted_there_too(faults: Faults, executor: str) -> None:
    tasks = {"raises": {"what": "Exception", "runs": executor, "policy": {"retries": 2}}}
    result = await faults("in>raises>out", tasks).run()
    assert [failure.attempt for failure in result.failures] == [3]


async def test_that_worker_processes_are_other_processes_and_few(faults: Faults, elsewhere: str) -> None:
    result = await faults("in>fan>echo>out", {"fan": {"count": 20}, "echo": {"runs": elsewhere}}).run()
    pids = {payload["pid"] for payload in reached(result)}
    assert os.getpid() not in pids
    assert len(pids) <= len(os.sched_getaffinity(0))

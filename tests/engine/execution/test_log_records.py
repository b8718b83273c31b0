"""Log records know their run, task and branch, and leave every name to task code."""

from __future__ import annotations

import copy
import io
import logging
import pickle
from typing import TYPE_CHECKING, Any, cast

import pytest

from engine.execution import log_records

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from engine.execution import Job

    Make = Callable[..., Job]

FORMAT = "%(message)s run=%(run)s task=%(task)s branch=%(branch)s"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What a handler with a formatter of our three names wrote."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter(FORMAT))
    logger = logging.getLogger("of.a.task")
    logger.addHandler(handler)
    yield stream
    logger.removeHandler(handler)


@pytest.fixture(autouse=True)
def installed() -> None:
    log_records.install()


@pytest.mark.parametrize("name", ["run", "task", "branch"])
def test_that_task_code_may_use_our_names_for_extras_of_its_own(name: str, lines: io.StringIO) -> None:
    logging.getLogger("of.a.task").warning("hello", extra={name: "mine", "other": 1})
    assert f"{name}=mine" in lines.getvalue()


def test_that_outside_of_a_body_the_place_is_empty(lines: io.StringIO) -> None:
    logging.getLogger("of.a.task").warning("hello")
    assert lines.getvalue() == "hello run= task= branch=\n"


async def test_that_in_a_body_extras_and_place_stand_side_by_side(make_job: Make, lines: io.StringIO) -> None:
    async def tell(payload: dict[str, Any]) -> dict[str, Any]:
        logging.getLogger("of.a.task").warning("in the body", extra={"branch": "main"})
        return payload

    result = await make_job("in>a>out", {"a": tell}).run()
    assert result.ok
    assert lines.getvalue() == f"in the body run={result.run_id} task=a branch=main\n"


def test_that_records_of_another_factory_keep_their_class(monkeypatch: pytest.MonkeyPatch) -> None:
    class Own(logging.LogRecord):
        def shout(self) -> str:
            return self.getMessage().upper()

    before = logging.getLogRecordFactory()
    logging.setLogRecordFactory(Own)
    monkeypatch.setattr(log_records, "_installed", False)
    try:
        log_records.install()
        record = made = cast("Any", logging.makeLogRecord({"msg": "hello", "task": "mine"}))
    finally:
        logging.setLogRecordFactory(before)
    assert isinstance(made, Own)
    assert (record.shout(), record.task, record.run) == ("HELLO", "mine", "")
    with pytest.raises(AttributeError, match="'Own' object has no attribute 'other'"):
        record.other  # noqa: B018  asking is what is tested


def test_that_a_record_can_be_copied_and_sent() -> None:
    record: Any = logging.makeLogRecord({"msg": "hello", "task": "mine"})
    for again in (copy.copy(record), pickle.loads(pickle.dumps(record))):  # noqa: S301  what this test made itself
        assert (again.getMessage(), again.task, again.run) == ("hello", "mine", "")

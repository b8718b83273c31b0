"""What tests ask about child processes holds also for those that have ended: each end that can come in between, planted."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.child_processes import asked, by_id, children, children_with, has_ended, still_running, still_there

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def running() -> Iterator[psutil.Process]:
    """A child that runs."""
    with subprocess.Popen(["sleep", "600"]) as process:  # noqa: S607  of the system
        yield psutil.Process(process.pid)
        process.kill()


@pytest.fixture
def zombie() -> Iterator[psutil.Process]:
    """A child that has ended, and that nobody has waited for yet."""
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:  # noqa: S607  of the system
        found = psutil.Process(process.pid)
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        process.stdout.read()
        assert still_running([found], 60) == []
        yield found


@pytest.fixture
def gone() -> psutil.Process:
    """A child that was waited for."""
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as process:  # noqa: S607  of the system
        return psutil.Process(process.pid)


def test_that_a_zombie_has_ended_and_is_there_until_it_is_waited_for(zombie: psutil.Process) -> None:
    assert zombie in children()
    assert has_ended(zombie)
    assert still_there([zombie], 0) == [zombie]
    zombie.wait()
    assert still_there([zombie], 0) == []
    assert by_id(zombie.pid) == []


def test_that_what_has_ended_gives_no_answer(running: psutil.Process, zombie: psutil.Process, gone: psutil.Process) -> None:
    with pytest.raises(psutil.ZombieProcess):
        zombie.cmdline()
    answers = asked([gone, zombie, running], psutil.Process.cmdline)
    assert answers == [(running, ["sleep", "600"])]
    assert children_with("sleep") == [running]
    assert children_with("sleep", gone.pid) == []


def test_that_a_question_that_fails_for_another_reason_is_an_error(running: psutil.Process) -> None:
    def refused(process: psutil.Process) -> str:
        raise psutil.AccessDenied(process.pid)

    with pytest.raises(psutil.AccessDenied):
        asked([running], refused)


def test_that_what_runs_on_is_told_from_what_has_ended(running: psutil.Process, zombie: psutil.Process, gone: psutil.Process) -> None:
    assert still_running([running, zombie, gone], 0) == [running]
    assert still_there([running, zombie, gone], 0) == [running, zombie]

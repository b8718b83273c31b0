from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from engine.execution.progress import TaskProgress, TaskState
from ephemeral_gui.widgets.state_words import counts_text, seconds_text, state_word
from ephemeral_gui.widgets.strip import Shares, paint_strip, shares_of, sum_of
from ephemeral_gui.widgets.theme import DARK


def painted(shares: Shares, width: int = 100) -> list[str]:
    """Return the colour of each pixel along the strip."""
    image = QImage(width, 8, QImage.Format.Format_RGB32)
    image.fill(QColor(DARK.panel))
    painter = QPainter(image)
    paint_strip(painter, QRectF(0, 0, width, 8), shares, DARK)
    painter.end()
    return [QColor(image.pixel(x, 4)).name() for x in range(width)]


def test_that_nothing_known_is_an_empty_track() -> None:
    assert set(painted(Shares())[2:-2]) == {DARK.border}


def test_that_each_of_a_few_invocations_has_a_segment_of_its_own() -> None:
    row = painted(Shares(done=2, left=2))
    assert row[10] == DARK.state_colour("done")
    assert row[35] == DARK.state_colour("done")
    assert row[25] == DARK.panel or row[24] == DARK.panel
    assert row[60] == row[90] == DARK.border


def test_that_a_running_segment_is_filled_by_its_share() -> None:
    row = painted(Shares(running=1, fraction=0.25))
    assert row[15] == DARK.state_colour("running")
    assert row[60] == DARK.border


def test_that_a_failed_segment_is_crossed() -> None:
    row = painted(Shares(failed=1))
    assert row[20] == DARK.state_colour("failed")
    assert row[50] == DARK.text


def test_that_many_invocations_become_one_bar_of_shares() -> None:
    row = painted(Shares(done=500, running=200, left=300))
    assert row[10] == row[45] == DARK.state_colour("done")
    assert row[60] == DARK.state_colour("running")
    assert row[90] == DARK.border


def test_that_shares_of_tasks_add_up() -> None:
    task = TaskProgress("a", TaskState.RUNNING, queued=3, running=1, succeeded=5, failed=1)
    assert sum_of([shares_of(task), shares_of(task)]) == Shares(done=10, running=2, failed=2, left=6)
    assert sum_of([]) == Shares()


@pytest.mark.parametrize(
    ("progress", "word"),
    [
        (TaskProgress("a", TaskState.DONE, succeeded=1, items_out=4), "Done, opened 4"),
        (TaskProgress("a", TaskState.DONE, succeeded=4, items_out=4), "Done"),
        (TaskProgress("a", TaskState.SKIPPED, skipped=1), "Skipped, parent failed"),
        (TaskProgress("a", TaskState.CANCELLED, succeeded=2, cancelled=1), "Cancelled, 2 kept"),
        (TaskProgress("a", TaskState.DISABLED), "Off"),
    ],
)
def test_that_a_state_is_told_in_words(progress: TaskProgress, word: str) -> None:
    assert state_word(progress) == word


def test_that_counts_name_what_failed() -> None:
    assert counts_text(TaskProgress("a", TaskState.RUNNING, running=1, succeeded=2, failed=1)) == "3 of 4 ended, 1 failed"
    assert counts_text(TaskProgress("a", TaskState.READY)) == ""


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.04, "0.0 s"), (9.949, "9.9 s"), (9.96, "10 s"), (59.6, "1:00"), (125, "2:05"), (3725, "1:02:05")]
)
def test_that_durations_are_short(seconds: float, text: str) -> None:
    assert seconds_text(seconds) == text

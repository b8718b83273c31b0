from __future__ import annotations

import pytest

from engine.execution.progress import TaskProgress, TaskState
from ephemeral_gui.widgets.state_words import counts_text, short_count, state_word


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0"),
        (9_999, "9999"),
        (10_000, "10k"),
        (12_399, "12.3k"),
        (99_999, "99.9k"),
        (100_000, "100k"),
        (999_999, "999k"),
        (1_000_000, "1M"),
        (3_190_000, "3.1M"),
        (250_000_000, "250M"),
    ],
)
def test_that_a_short_count_never_says_more_than_there_is(count: int, text: str) -> None:
    assert short_count(count) == text


def test_that_words_for_a_table_count_by_the_thousand() -> None:
    progress = TaskProgress("fan", TaskState.DONE, succeeded=99_900, failed=1_000, items_out=200_000)
    assert state_word(progress) == "Done, opened 200,000"
    assert counts_text(progress) == "100,900 of 100,900 ended, 1,000 failed"

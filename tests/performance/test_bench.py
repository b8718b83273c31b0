"""The benchmark's own arithmetic: what is slower shows, and a target that is missed is named."""

from __future__ import annotations

import time

import pytest

from tests.performance.bench import __main__ as bench
from tests.performance.bench.measuring import FLOOR, OURS, Contestant, Measured, Row, Target, measure
from tests.performance.bench.one_process import Figure
from tests.performance.bench.rows import ROWS
from tests.performance.bench.table import figure_line, row_lines


def _burn(seconds: float) -> None:
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


async def _burn_on_a_loop() -> None:
    _burn(0.01)


def test_that_a_planted_slowdown_is_caught() -> None:
    planted = {FLOOR: Contestant(lambda: _burn(0.01), 10), OURS: Contestant(lambda: _burn(0.03), 10)}
    measured = measure(Row("planted", planted, (Target(2),), pairs=3))
    ((target, ratio),) = measured.misses()
    assert target.most == 2
    assert ratio == pytest.approx(3, rel=0.2)
    assert any("missed: ephemeral / floor" in line for line in row_lines(measured))


def test_that_what_keeps_its_target_is_not_named() -> None:
    same = {FLOOR: Contestant(_burn_on_a_loop, 10), OURS: Contestant(_burn_on_a_loop, 10)}
    measured = measure(Row("same", same, (Target(2),), pairs=3))
    assert measured.misses() == []
    assert len(row_lines(measured)) == 1


def test_that_an_absent_rival_has_no_target_to_miss() -> None:
    measured = Measured(Row("alone", {}, (Target(0.1, OURS, "dask threaded"),)), {OURS: [1.0]})
    assert measured.misses() == []


def test_that_the_median_of_pairs_forgives_one_disturbed_turn() -> None:
    row = Row("disturbed", {}, (Target(1.5),))
    measured = Measured(row, {FLOOR: [1, 1, 4, 1, 1], OURS: [1, 1, 4, 9, 1]})
    assert measured.ratio(OURS, FLOOR) == 1
    assert measured.misses() == []


def test_that_a_figure_over_its_target_says_so() -> None:
    assert "missed" in figure_line(Figure("lag", 13, "ms", 12))
    assert "missed" not in figure_line(Figure("lag", 11, "ms", 12))
    assert "not measured" in figure_line(Figure("lag", None, "ms", 12, note="no"))


def test_that_a_word_that_names_no_benchmark_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["chian"]) == 2
    assert "chain" in capsys.readouterr().out
    assert "chain" in ROWS

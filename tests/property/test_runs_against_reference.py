"""The engine against an interpreter of the same rules that is sequential, recursive and obviously right."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from hypothesis import HealthCheck, Phase, given, reject, settings
from hypothesis import strategies as st

from engine.errors import JobMapError
from engine.execution.progress import RunStatus
from tests.property.comparing import assert_part_of
from tests.property.driving import assert_as_meant, ready
from tests.property.job_graphs import drawn_jobs

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.execution.result import RunResult
    from engine.execution.run import Run
    from tests.property.comparing import Meaning
    from tests.property.driving import Driven
    from tests.property.job_graphs import DrawnJob

IN_CI = bool(os.environ.get("CI"))
BATCHES, BATCH = 50, 2_000
"""The long tier: 100,000 graphs, in batches that each have a seed of their own."""

SEEDS = st.integers(0, 2**32)
LIMITS = st.sampled_from((1, 2, 3, 100))

on_many_graphs = settings(
    max_examples=2_000 if IN_CI else 300,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # making a graph smaller takes minutes: that is for whoever looks at it
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
on_some_graphs = settings(on_many_graphs, max_examples=200 if IN_CI else 60)
on_a_batch = settings(on_many_graphs, max_examples=BATCH, database=None, derandomize=False)


def drive(drawn: DrawnJob, seed: int, meddle: Callable[[Run], None] | None = None, **options: Any) -> tuple[Driven, Meaning, RunResult]:
    """Run what was drawn and return what the reference and the engine made of it; what does not validate is no example."""
    try:
        driven, job, meant = ready(drawn, seed)
    except JobMapError:
        reject()
    return driven, meant, asyncio.run(driven.run(job, meddle, **options))


def agree(drawn: DrawnJob, seed: int, limit: int) -> None:
    assert_as_meant(*drive(drawn, seed, max_concurrent=limit))


@on_many_graphs
@given(drawn_jobs(), SEEDS, LIMITS)
@pytest.mark.timeout(600)
def test_that_outputs_failures_and_skips_are_those_of_the_reference(drawn: DrawnJob, seed: int, limit: int) -> None:
    agree(drawn, seed, limit)


@pytest.mark.long
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("batch", range(BATCHES))
def test_that_a_hundred_thousand_graphs_end_as_the_reference_says(batch: int) -> None:
    hypothesis.seed(batch)(on_a_batch(given(drawn_jobs(), SEEDS, LIMITS)(agree)))()


@pytest.mark.timeout(600)
@on_some_graphs
@given(drawn_jobs(), SEEDS, LIMITS)
def test_that_pausing_and_resuming_changes_nothing(drawn: DrawnJob, seed: int, limit: int) -> None:
    turns = iter(range(1_000_000))

    def pause_now_and_then(run: Run) -> None:
        turn = next(turns) + seed
        if run.status is RunStatus.PAUSED and turn % 5 == 0:
            run.resume()
        elif turn % 3 == 0:
            run.pause()

    assert_as_meant(*drive(drawn, seed, pause_now_and_then, max_concurrent=limit))


@pytest.mark.timeout(600)
@on_some_graphs
@given(drawn_jobs(), SEEDS, LIMITS, st.integers(0, 40))
def test_that_a_cancelled_run_keeps_what_was_finished_and_nothing_else(drawn: DrawnJob, seed: int, limit: int, after: int) -> None:
    turns = iter(range(1_000_000))

    def cancel_then(run: Run) -> None:
        if next(turns) == after:
            run.cancel()

    driven, meant, result = drive(drawn, seed, cancel_then, max_concurrent=limit)
    assert_part_of(driven.meaning_of(result, meant), meant)
    if next(turns) <= after:
        assert_as_meant(driven, meant, result)


@pytest.mark.timeout(600)
@on_some_graphs
@given(drawn_jobs(), SEEDS, LIMITS)
def test_that_a_run_that_fails_fast_ends_failed_with_a_part_of_the_whole(drawn: DrawnJob, seed: int, limit: int) -> None:
    driven, meant, result = drive(drawn, seed, max_concurrent=limit, fail_fast=True)
    assert_part_of(driven.meaning_of(result, meant), meant)
    assert bool(result.failures) == bool(meant.failed)
    assert result.status is (RunStatus.FAILED if meant.failed else RunStatus.DONE)

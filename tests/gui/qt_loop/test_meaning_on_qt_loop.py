"""A run means on the window's event loop what it means anywhere: drawn jobs against the reference."""

from __future__ import annotations

import itertools
import random

import pytest

from engine.errors import JobMapError
from tests.property.driving import assert_as_meant, ready
from tests.property.job_graphs import BYTES, job_from


async def compare(number: int) -> bool:
    """Hold the graph of that number against the reference; return whether it is a valid job map."""
    dice = random.Random(number)  # noqa: S311  for chance, not for secrets
    try:
        driven, job, meant = ready(job_from(dice.randbytes(BYTES)), number)
    except JobMapError:
        return False
    assert_as_meant(driven, meant, await driven.run(job, max_concurrent=dice.choice((1, 2, 3, 100))))
    return True


async def compare_many(count: int) -> None:
    compared = 0
    for number in itertools.count():
        compared += await compare(number)
        if compared == count:
            return


async def test_that_graphs_mean_the_same_on_the_loop_of_the_window() -> None:
    await compare_many(50)


@pytest.mark.long
@pytest.mark.timeout(3_600)
async def test_that_many_graphs_mean_the_same_on_the_loop_of_the_window() -> None:
    await compare_many(5_000)

"""What twice as many tasks cost: how the time grows each time that the number of tasks doubles."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

from engine.catalog import load_catalog
from engine.execution.planning import make_plan
from engine.files import load_job_map
from engine.validation import validate
from tests.performance.bench import job_shapes
from tests.performance.bench.large_maps import large_map
from tests.performance.bench.measuring import Contestant, Row, measure
from tests.performance.bench.one_process import Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.performance.bench.measuring import Work

COUNTS: Final = (1_250, 2_500, 5_000, 10_000, 20_000)


def doubling() -> Iterator[Figure]:
    """Yield the worst of the doublings; the note has all of them."""
    yield _figure("plan and run a chain", {count: _plan_and_run(count) for count in COUNTS})
    with tempfile.TemporaryDirectory() as folder:
        yield _figure("load and validate", {count: _load_and_validate(Path(folder), count) for count in COUNTS})
        works = {count: _read_json(Path(folder), count) for count in COUNTS}
        yield replace(_figure("json.loads of the same", works), most=None)  # what larger data costs in a machine's caches


def _figure(what: str, works: dict[int, Work]) -> Figure:
    measured = measure(Row(what, {f"{count}": Contestant(work, 1) for count, work in works.items()}))
    ratios = [measured.ratio(f"{twice}", f"{once}") or 0.0 for once, twice in pairwise(works)]
    note = "up to " + ", ".join(f"{count:,}: {ratio:.2f}" for count, ratio in zip(COUNTS[1:], ratios, strict=True))
    return Figure(f"time when the tasks double: {what}", max(ratios), "x", 2.2, note=note)


def _read_json(folder: Path, count: int) -> Work:
    path = folder / f"{count}.json"
    return lambda: json.loads(path.read_bytes())


def _plan_and_run(count: int) -> Work:
    job = job_shapes.chain(count)

    async def work() -> None:
        make_plan(job.job_map, {})
        result = await job.run()
        if not result.ok:
            raise AssertionError(result.failures)

    return work


def _load_and_validate(folder: Path, count: int) -> Work:
    path, catalog = folder / f"{count}.json", load_catalog()
    path.write_text(json.dumps(large_map(count)), encoding="utf-8")

    def work() -> None:
        if validate(load_job_map(path), catalog):
            raise AssertionError("the map is valid")

    return work

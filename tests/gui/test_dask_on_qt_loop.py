from __future__ import annotations

import operator

from engine.execution.executors.dask_client import open_dask_client
from tests.child_processes import children


async def test_that_an_embedded_cluster_serves_the_windows_event_loop() -> None:
    before = children()
    async with open_dask_client(workers=1) as client:
        assert await client.submit(operator.add, 2, 3) == 5
        assert len(children()) > len(before)
    assert children() == before

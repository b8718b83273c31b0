"""Valid job maps of any size."""

from __future__ import annotations

import itertools
from typing import Any


def large_map(count: int) -> dict[str, Any]:
    """Return a job map of so many tasks in a row."""
    example = {"type": "function", "namespace": "main", "method": "example", "consumes": "string", "produces": "string"}
    functions: list[dict[str, Any]] = [
        {"name": f"task {index}", **example, "init_args": {"example_property": f"{index}"}} for index in range(count - 2)
    ]
    tasks = [{"name": "in", "type": "input"}, *functions, {"name": "out", "type": "output"}]
    workflow = [list(edge) for edge in itertools.pairwise(task["name"] for task in tasks)]
    datasource = {"source": "direct", "content": {"input": "text"}}
    return {"name": "large", "datasource": datasource, "tasks": tasks, "workflow": workflow}

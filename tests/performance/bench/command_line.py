"""What the command line needs for very many branches: ``ephemeral run`` as anybody starts it, and the most memory that it ever held."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.performance.bench.one_process import MEBIBYTE, ROOT, Figure
from tests.performance.bench.workspaces import make_workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

MANY, FEW = 1_000_000, 1_000
METHODS = {
    "count": 'return ({"index": index} for index in range(payload["branches"]))',
    "pass_on": "return payload",
    "end": "return []",
}
"""A generator that opens the branches, and two stages, the last of which ends them."""


def many_branches() -> Iterator[Figure]:
    """A million branches of a generator through two stages, beside a thousand: what the number of them adds."""
    if not hasattr(os, "wait4"):
        yield Figure("ephemeral run of 10^6 branches x 2: memory", None, "MB", note="this system does not tell")
        return
    with tempfile.TemporaryDirectory() as folder:
        workspace = make_workspace(Path(folder), "many", METHODS)
        few, many = (_run(workspace, branches) for branches in (FEW, MANY))
    note = f"peak {many.megabytes:.0f} MB in all, {many.cpu:.1f} s of processor time"
    yield Figure("ephemeral run of 10^6 branches x 2: memory over 10^3", many.megabytes - few.megabytes, "MB", 8, note=note)


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process took: the most memory that it held, and its seconds on a processor."""

    megabytes: float
    cpu: float


def _run(workspace: Path, branches: int) -> Usage:
    (workspace / "job.json").write_text(json.dumps(_job_map(branches)), encoding="utf-8")
    command = [sys.executable, "-m", "engine.cli.main", "run", "job.json", "--workspace", ".", "--trust"]
    measured = subprocess.run(  # noqa: S603  our own words
        [sys.executable, "-c", _MEASURE, *command],
        cwd=workspace,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    if measured.returncode:
        raise RuntimeError(measured.stderr)
    most, cpu = json.loads(measured.stdout.splitlines()[-1])
    return Usage(most * (1 if sys.platform == "darwin" else 1024) / MEBIBYTE, cpu)


_MEASURE = """
import json, os, sys
process = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, used = os.wait4(process, 0)
print(json.dumps([used.ru_maxrss, used.ru_utime + used.ru_stime]))
sys.exit(os.waitstatus_to_exitcode(status))
"""
"""A small process between: a process counts as its own what the one that started it held."""


def _job_map(branches: int) -> dict[str, Any]:
    function = {"type": "function", "namespace": "many", "consumes": "any", "produces": "map"}
    functions = [{**function, "name": method, "method": method} for method in METHODS]
    tasks = [{"name": "in", "type": "input"}, *functions, {"name": "out", "type": "output"}]
    return {
        "name": "many branches",
        "datasource": {"source": "direct", "content": {"branches": branches}},
        "tasks": tasks,
        "workflow": [list(pair) for pair in pairwise(task["name"] for task in tasks)],
    }

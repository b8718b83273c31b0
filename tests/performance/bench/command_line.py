"""What the command line needs for very many branches: ``ephemeral run`` as anybody starts it, and the most memory that it ever held."""

from __future__ import annotations

import json
import os
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
    job, words = workspace / "job.json", ["run", "job.json", "--workspace", ".", "--trust"]
    job.write_text(json.dumps(_job_map(branches)), encoding="utf-8")
    errors = workspace / "errors.txt"
    actions = [(os.POSIX_SPAWN_OPEN, stream, str(errors), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600) for stream in (1, 2)]
    command = [sys.executable, "-c", _IN_FOLDER, str(workspace), *words]
    process = os.posix_spawn(sys.executable, command, {**os.environ, "PYTHONPATH": str(ROOT)}, file_actions=actions)
    _, status, used = os.wait4(process, 0)
    if os.waitstatus_to_exitcode(status):
        raise RuntimeError(errors.read_text(encoding="utf-8"))
    unit = 1 if sys.platform == "darwin" else 1024
    return Usage(used.ru_maxrss * unit / MEBIBYTE, used.ru_utime + used.ru_stime)


_IN_FOLDER = "import os, sys; os.chdir(sys.argv.pop(1)); from engine.cli.main import main; sys.exit(main(sys.argv[1:]))"


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

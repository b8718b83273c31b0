"""A job map as a Python script that runs it."""

from __future__ import annotations

import pprint
import re
from typing import TYPE_CHECKING, Any, Final

from engine.files.serializing import dump_job_map, job_map_to_data

if TYPE_CHECKING:
    from pathlib import Path

    from engine.model.job_map import JobMap

_DEEPEST_LITERAL: Final = 60
"""Python's own parser refuses literals that are nested about a hundred deep."""

_TEMPLATE: Final = '''"""Runs one job of Ephemeral and writes what reaches its outputs as JSON to standard output.

Made from a job map. Paths to read are relative to this file, paths to write to the folder that the run makes. Needs the package
``ephemeral``.
"""

from __future__ import annotations

import asyncio
{json}import sys
from pathlib import Path

import engine
from engine.execution.results import results_to_json

WORKSPACE = {workspace}
JOB_MAP = {job_map}


def main() -> int:
    """Run the job; 0 where everything was done, 1 where a task failed or the job could not run, 65 where the job map is bad."""
    try:
        job_map = engine.parse_job_map(JOB_MAP, path=Path(__file__).resolve())
        job = engine.build_job(job_map, workspace=WORKSPACE)  # with trust=True also where the workspace was never trusted in the window
        result = asyncio.run(job.run())
    except engine.JobMapError as error:
        for problem in error.problems:
            print(problem.describe(), file=sys.stderr)
        return 65
    except engine.EphemeralError as error:
        print(error, file=sys.stderr)
        return 1
    for failure in result.failures:
        print(failure.describe(), file=sys.stderr)
    sys.stdout.buffer.write(results_to_json(result.outputs, None, job.secrets).dump())
    return 0 if result.ok else 1


if __name__ == "__main__":  # worker processes import this file and must not run the job again
    sys.exit(main())
'''


def job_script(job_map: JobMap, *, workspace: Path | None = None) -> str:
    """Return the text of a script that holds the job map as data and runs it through ``import engine``.

    No text of the job map is anything but a literal in it, so a script of a hostile job map does no more than that job.

    Args:
        job_map: what is run; relative paths in it refer to the folder of the script.
        workspace: the folder of own task namespaces; whoever runs the script must have trusted it.

    Raises:
        JobMapError: the job map holds something that no JSON file can.
    """
    text = dump_job_map(job_map)
    data = job_map_to_data(job_map)
    data.pop("layout", None)  # of no use without a canvas
    is_deep = _depth(data) > _DEEPEST_LITERAL
    parts = {
        "{json}": "import json\n" if is_deep else "",
        "{workspace}": "None" if workspace is None else f"Path({str(workspace)!r})",
        "{job_map}": f"json.loads({text!r})" if is_deep else pprint.pformat(data, width=100, sort_dicts=False),
    }
    return "".join(parts.get(piece, piece) for piece in re.split(r"(\{\w+\})", _TEMPLATE))


def _depth(value: Any) -> int:
    """Return how deep lists and objects are nested, level by level: recursion has a limit of its own."""
    level, depth = [value], 0
    while level:
        depth += 1
        inner = [each for each in level if isinstance(each, (dict, list))]
        level = [child for each in inner for child in (each.values() if isinstance(each, dict) else each)]
    return depth

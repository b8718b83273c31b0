"""Job maps to files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.files.atomic import write_atomically
from engine.files.serializing import dump_job_map

if TYPE_CHECKING:
    from pathlib import Path

    from engine.model.job_map import JobMap


def save_job_map(job_map: JobMap, path: Path | str) -> None:
    """Write the job map to a file, which then holds either its old bytes or the new ones, whatever happens.

    Raises:
        JobMapError: the job map holds something that no JSON file can.
        OutputError: nothing can be created at ``path``.
        FileWriteError: writing failed midway; the old file is as it was.
    """
    write_atomically(path, dump_job_map(job_map).encode())

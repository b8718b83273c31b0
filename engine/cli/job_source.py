"""The job map and the catalogue that a command line names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.catalog import load_catalog
from engine.cli.overrides import apply_overrides
from engine.errors import JobMapError
from engine.files import load_job_map, parse_job_map
from engine.files.strict_json import read_json_file

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence
    from pathlib import Path

    from engine.catalog import Catalog
    from engine.model.job_map import JobMap


def read_map(path: Path, assignments: Sequence[str] = ()) -> JobMap:
    """Return the job map of a file, with values replaced for this time.

    Raises:
        JobMapError: the file is not a job map.
        InputMissingError: there is no such file, or it cannot be read.
        UsageError: an assignment leads nowhere.
    """
    if not assignments:
        return load_job_map(path)
    document = read_json_file(path)
    if document.problems:
        raise JobMapError(document.problems, file=str(path))
    apply_overrides(document.value, assignments)
    return parse_job_map(document.value, path=path)  # type: ignore[arg-type]  # what is no object is refused there


def read_catalog(arguments: Namespace) -> Catalog:
    """Return the catalogue with the workspace that the arguments name.

    Raises:
        InputMissingError: the workspace is not a folder.
    """
    workspace: Path | None = arguments.workspace
    return load_catalog(workspace, trust=arguments.trust)

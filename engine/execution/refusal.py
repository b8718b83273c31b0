"""Problems that are found only when a job is built, in the form of those that the validator finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.errors import JobMapError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.model.job_map import JobMap
    from engine.problems import Problem


def placed(problems: Sequence[Problem], job_map: JobMap) -> list[Problem]:
    """Return the problems with the lines and columns of the job map's text, where it has one."""
    text = job_map.origin.text
    if text is None:
        return list(problems)
    from engine.files.places import with_places  # noqa: PLC0415  a job map that can run does without it

    return with_places(problems, text)


def refusal(problems: Sequence[Problem], job_map: JobMap) -> JobMapError:
    """Return the error that says why the job map cannot run."""
    file = None if job_map.origin.path is None else str(job_map.origin.path)
    return JobMapError(placed(problems, job_map), file=file)

"""One finding about a job map, a definition or a namespace, in the form that every reader of it shares."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from engine.lazy_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_PROBLEMS_SHOWN = 100


class Severity(StrEnum):
    """How much a problem weighs: an error forbids a run, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, where, and what to try.

    Attributes:
        code: stable kebab-case name of the rule that was broken, such as ``unknown-method``.
        message: one sentence for a person, without the place.
        pointer: RFC 6901 JSON pointer into the document, ``""`` for the whole of it.
        task: name of the task concerned, where there is one.
        line: line in the file, from 1; None where the document did not come from text.
        column: column in that line in characters, from 1.
        hint: what to try, such as ``did you mean 'split_string'?``.
        file: the file that is wrong where that is not the job map: a definition, a module of tasks.
    """

    code: str
    message: str
    pointer: str = ""
    task: str | None = None
    severity: Severity = Severity.ERROR
    line: int | None = None
    column: int | None = None
    hint: str | None = None
    file: str | None = None

    @property
    def is_error(self) -> bool:
        """True where the problem forbids a run."""
        return self.severity is Severity.ERROR

    def describe(self, file: str | None = None) -> str:
        """Return the problem on one line: ``map.json:14:9 /tasks/3/init_args/path ("download"): message (hint)``."""
        place = self.file or file or ""
        if self.line is not None:
            place += f":{self.line}:{self.column}" if place else f"{self.line}:{self.column}"
        where = " ".join(part for part in (place, self.pointer) if part)
        if self.task is not None:
            where += f' ("{self.task}")' if where else f'"{self.task}"'
        text = f"{self.message} ({self.hint})" if self.hint else self.message
        return f"{where}: {text}" if where else text


def pointer_to(*steps: str | int) -> str:
    """Return the JSON pointer of the steps from the root, escaped as RFC 6901 asks."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)


def suggestion(wanted: str, known: Iterable[str]) -> str | None:
    """Return ``did you mean 'x'?`` for the known name nearest to the wanted one, None where none is near."""
    import difflib  # noqa: PLC0415  a job map without flaws does without it

    nearest = difflib.get_close_matches(wanted, list(known), n=1, cutoff=0.6)
    return f"did you mean '{nearest[0]}'?" if nearest else None


def suggested(problem: Problem) -> str | None:
    """Return the name in ``did you mean 'x'?``, None where the hint says something else."""
    _, asked, rest = (problem.hint or "").partition("did you mean '")
    name, mark, _ = rest.rpartition("'?")
    return name if asked and mark and name else None

"""The rows of the results tree, made when they are first looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Final

from engine.execution.branch_path import branch_text
from ephemeral_gui.results.text import counted, in_a_row

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from engine.execution.failure import Failure
    from engine.execution.result import RunResult

BATCH: Final = 500
"""Rows made at a time; a view asks for the next ones as it is scrolled."""


@dataclass(eq=False, slots=True)
class Node:
    """One row: a name and the value behind it.

    ``note`` stands beside the name in place of the value's own text, ``whole`` in the pane in place of the value as JSON.
    """

    name: str
    value: object
    parent: Node | None = None
    row: int = 0
    note: str | None = None
    whole: str | None = None
    icon: str | None = None
    children: list[Node] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many rows there will be beneath."""
        return len(self.value) if isinstance(self.value, (Mapping, list, tuple)) else 0

    @property
    def text(self) -> str:
        """What stands beside the name."""
        return self.note if self.note is not None else in_a_row(self.value)

    def next_batch(self) -> list[Node]:
        """Return the next rows beneath, not yet among ``children``."""
        start = len(self.children)
        found = islice(self._items(), start, start + BATCH)
        return [_child(self, start + number, name, value) for number, (name, value) in enumerate(found)]

    def _items(self) -> Iterator[tuple[str, object]]:
        if isinstance(self.value, Mapping):
            yield from ((str(key), value) for key, value in self.value.items())
        elif isinstance(self.value, (list, tuple)):
            yield from ((str(number), value) for number, value in enumerate(self.value))


def _child(parent: Node, row: int, name: str, value: object) -> Node:
    if isinstance(value, Node):
        value.parent, value.row = parent, row
        return value
    return Node(name, value, parent, row)


def result_root(result: RunResult, files: list[Path]) -> Node:
    """Return the root of a result: its outputs, then files, failures, warnings and abandoned bodies where there are any."""
    rows = [Node(output["name"], output["data"], note=counted(len(output["data"]), "payload"), icon="output") for output in result.outputs]
    folder = result.output_folder
    if files and folder is not None:
        written: list[object] = [Node(str(path.relative_to(folder)), path, note="") for path in files]
        rows.append(Node("Files", written, note=counted(len(files), "file"), icon="folder"))
    if result.failures:
        failures = [_failure(failure) for failure in result.failures]
        rows.append(Node("Failures", failures, note=counted(len(failures), "failure"), icon="failed"))
    for name, sentences in (("Warnings", result.warnings), ("Left behind", result.abandoned)):
        if sentences:
            rows.append(Node(name, list(sentences), note=counted(len(sentences), "line"), icon="warning"))
    return Node("", rows)


def _failure(failure: Failure) -> Node:
    details = (
        [Node("Traceback", failure.traceback, note=in_a_row(failure.traceback.strip().rpartition("\n")[2]))] if failure.traceback else []
    )
    note = in_a_row(f"{failure.error_type}: {failure.message}")
    branch = branch_text(failure.branch_path)
    where = [Node("Branch", branch)] if branch else []
    attempt = [Node("Attempt", failure.attempt)] if failure.attempt > 1 else []
    whole = f"{failure.describe()}\n\n{failure.traceback}".rstrip()
    return Node(failure.task, [*where, *attempt, Node("Message", failure.message), *details], note=note, whole=whole, icon="failed")

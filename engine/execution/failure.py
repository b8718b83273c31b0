"""Why an invocation failed, in a form that is safe to keep, to show and to write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.execution.branch_path import branch_text
from engine.lazy_dataclasses import dataclass

if TYPE_CHECKING:
    from engine.execution.branch_path import BranchPath


@dataclass(frozen=True, slots=True)
class Failure:
    """One failed attempt.

    Attributes:
        error_type: qualified name of the exception's class; ``timed-out`` and ``invalid-result`` for failures of our own finding.
        message: text of the exception, cut at a limit.
        traceback: formatted traceback, cut at a limit; empty where there is none.
    """

    task: str
    branch_path: BranchPath
    attempt: int
    error_type: str
    message: str
    traceback: str = ""

    def describe(self) -> str:
        """Return the failure on one line: ``task "clean" on branch split[3], attempt 2: ValueError: ...``."""
        branch = f" on branch {branch_text(self.branch_path)}" if self.branch_path else ""
        attempt = f", attempt {self.attempt}" if self.attempt > 1 else ""
        return f'task "{self.task}"{branch}{attempt}: {self.error_type}: {self.message}'

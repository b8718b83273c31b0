"""What a run has to say of itself at its end: what failed, what was left behind, and what a person should know."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.execution.branch_path import branch_text
from engine.execution.describing import describe, whole_text
from engine.execution.log_records import FAILURES
from engine.execution.watchdog import blocking_advice, stack_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from traceback import FrameSummary

    from engine.execution.branches import Branch, BranchKey
    from engine.execution.failure import Failure
    from engine.execution.plan import Plan
    from engine.execution.secrets import Secrets

_log = logging.getLogger(__name__)
_failures = logging.getLogger(FAILURES)


class Account:
    """Kept while the run goes on; no text in it shows a secret."""

    def __init__(self, plan: Plan, secrets: Secrets) -> None:
        self._plan = plan
        self._secrets = secrets
        self._failures: list[tuple[BranchKey, int, Failure]] = []
        self._abandoned: list[str] = []
        self._warnings: dict[str, None] = {}
        self._blocking: set[int] = set()

    @property
    def has_failures(self) -> bool:
        """Whether any invocation failed for good."""
        return bool(self._failures)

    @property
    def failures(self) -> tuple[Failure, ...]:
        """The failed invocations, in branch order."""
        return tuple(failure for _, _, failure in sorted(self._failures, key=lambda each: each[:2]))

    @property
    def abandoned(self) -> tuple[str, ...]:
        """Invocations whose bodies would not end, as text."""
        return tuple(self._abandoned)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences for a person, each once."""
        return tuple(map(self._secrets.redact, self._warnings))

    def described(self, error: BaseException, task: int, branch: Branch, attempt: int) -> Failure:
        """Return the failure of one attempt; where the log wants it, it gets the whole of it."""
        failure = describe(error, self._plan.names[task], branch.path(self._plan.names), attempt)
        failure = replace(failure, message=self._secrets.redact(failure.message), traceback=self._secrets.redact(failure.traceback))
        if failure.traceback and _failures.isEnabledFor(logging.DEBUG):
            _failures.debug("%s\n%s", failure.describe(), self._secrets.redact(whole_text(error)))
        return failure

    def failed(self, task: int, branch: Branch, failure: Failure) -> None:
        """The last attempt failed."""
        self._failures.append((branch.key(), task, failure))
        _log.info("%s", failure.describe())

    def left_behind(self, task: int, branch: Branch) -> None:
        """A body does not end; the run goes on without it."""
        path = branch.path(self._plan.names)
        name = f'task "{self._plan.names[task]}"' + (f" on branch {branch_text(path)}" if path else "")
        self._abandoned.append(name)
        _log.warning("%s does not end when it is cancelled, and is left behind", name)

    def held_the_loop(self, task: int, seconds: float, calls: Sequence[FrameSummary]) -> None:
        """A body held the event loop; said once for each task."""
        if task not in self._blocking:
            self._blocking.add(task)
            advice = blocking_advice(self._plan.names[task], calls)
            self.warn([advice])
            _log.warning("%s (%.2f s)\n%s", advice, seconds, stack_text(calls))

    def warn(self, sentences: Iterable[str]) -> None:
        """Say what a person should know of this run."""
        self._warnings |= dict.fromkeys(sentences)

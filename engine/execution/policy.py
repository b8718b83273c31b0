"""What a job map's policies come to: plain numbers with every default filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.lazy_dataclasses import dataclass
from engine.model.job_map import NO_TASK_POLICY, OnError

if TYPE_CHECKING:
    from engine.model.job_map import TaskPolicy

LONGEST_DELAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Policy:
    """How one task is tried. Times in seconds.

    Attributes:
        retries: further attempts after the first.
        retry_delay: wait before the first retry.
        retry_backoff: factor by which each further wait is longer.
        timeout: most time inside the body, per attempt; None for no limit.
        stops_run: a failure of this task ends the whole run.
        max_concurrent: most invocations of this task at once; None for the run's limit alone.
    """

    retries: int = 0
    retry_delay: float = 0.0
    retry_backoff: float = 1.0
    timeout: float | None = None
    stops_run: bool = False
    max_concurrent: int | None = None

    @property
    def is_plain(self) -> bool:
        """True where an invocation needs nothing but its body called."""
        return self.retries == 0 and self.timeout is None and self.max_concurrent is None

    def delay_before(self, attempt: int) -> float | None:
        """Return the wait before that attempt (2 is the first retry); None where there is no such attempt."""
        if attempt > self.retries + 1:
            return None
        try:
            return min(LONGEST_DELAY, self.retry_delay * self.retry_backoff ** (attempt - 2))
        except OverflowError:
            return LONGEST_DELAY


PLAIN_POLICY = Policy()


def policy_of(said: TaskPolicy, *, has_body: bool = True) -> Policy:
    """Return what the file says with the defaults filled in; of a task that is passed by, what its join may still need."""
    if said is NO_TASK_POLICY:  # as of most tasks: to make and compare one for each took a third of planning a job
        return PLAIN_POLICY
    if not has_body:
        return Policy(stops_run=said.on_error is OnError.STOP)
    policy = Policy(
        retries=said.retries or 0,
        retry_delay=said.retry_delay or 0.0,
        retry_backoff=1.0 if said.retry_backoff is None else said.retry_backoff,
        timeout=said.timeout,
        stops_run=said.on_error is OnError.STOP,
        max_concurrent=said.max_concurrent,
    )
    return PLAIN_POLICY if policy == PLAIN_POLICY else policy

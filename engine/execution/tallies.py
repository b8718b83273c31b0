"""Counts of a run, one number per task and kind: what progress is made of. Adding to one costs next to nothing."""

from __future__ import annotations


class Tallies:
    """The counts; each list is by task number.

    Attributes:
        fanned: invocations that fanned out instead of passing one payload on.
        opened: branches that they opened.
        arrived: payloads that arrived at a join or a collect.
        first_start: on the run's monotonic clock; 0.0 before it.
        busy: seconds inside bodies that ended.
        fraction: what the last body that spoke reported, from 0 to 1.
    """

    __slots__ = (
        "arrived",
        "busy",
        "cancelled",
        "failed",
        "fanned",
        "first_start",
        "fraction",
        "opened",
        "retrying",
        "skipped",
        "succeeded",
        "text",
    )

    def __init__(self, tasks: int) -> None:
        self.succeeded = [0] * tasks
        self.failed = [0] * tasks
        self.skipped = [0] * tasks
        self.cancelled = [0] * tasks
        self.retrying = [0] * tasks
        self.fanned = [0] * tasks
        self.opened = [0] * tasks
        self.arrived = [0] * tasks
        self.first_start = [0.0] * tasks
        self.busy = [0.0] * tasks
        self.fraction = [0.0] * tasks
        self.text = [""] * tasks

    def movement(self) -> float:
        """Return a number that changes whenever an invocation starts or ends, or a body says how far it is."""
        counts = (self.succeeded, self.failed, self.skipped, self.cancelled, self.retrying, self.opened, self.arrived)
        return sum(map(sum, counts)) + sum(self.first_start) + sum(self.fraction)

    def copy(self) -> Tallies:
        """Return the counts of this moment."""
        copy = Tallies.__new__(Tallies)
        for name in Tallies.__slots__:
            setattr(copy, name, getattr(self, name).copy())
        return copy

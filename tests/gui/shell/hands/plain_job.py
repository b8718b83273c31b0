"""What is known of the jobs in a window without looking at it: each as a plain model, and the history of each tab."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from engine.model.job_map import JobMap

Plain = dict[str, Any]
"""A job map as a plain model: ``name``, ``tasks`` (name to method and arguments, in order), ``edges`` and ``positions``."""

METHODS = {
    "Split into words": ("string", "words", {}),
    "Capitalize words": ("words", "words", {}),
    "Filter by length": ("words", "words", {"word_length": 4, "comparison": "greater"}),
    "Count characters": ("words", "numbers", {}),
}
"""By title: what it takes, what it gives, and the arguments that a new task has."""
LENGTH = "word_length"


def fits(plain: Plain, source: str, target: str) -> bool:
    """Whether the window may wire the one to the other."""
    giver, taker = plain["tasks"][source]["title"], plain["tasks"][target]["title"]
    if giver == "out" or taker == "in" or source == target or (source, target) in plain["edges"] or leads(plain, target, source):
        return False
    return giver == "in" or taker == "out" or METHODS[giver][1] == METHODS[taker][0]


def leads(plain: Plain, start: str, end: str) -> bool:
    """Whether wires lead from the one to the other."""
    return any(leads(plain, other, end) or other == end for one, other in plain["edges"] if one == start)


def free_name(plain: Plain, wanted: str) -> str:
    stem = re.sub(r" \d+$", "", wanted)
    return next(name for name in (wanted, stem, *(f"{stem} {number}" for number in range(2, 1000))) if name not in plain["tasks"])


def plain_of(job_map: JobMap, titles: dict[tuple[str, str], str]) -> Plain:
    """What a job map says, in the form of the plain model."""
    tasks = {
        task.name: {"title": titles[task.namespace, task.method] if task.is_function else str(task.type.value)[:3].replace("inp", "in")}
        | ({"args": dict(task.init_args)} if task.is_function else {})
        for task in job_map.tasks
    }
    return {"name": job_map.name, "tasks": tasks, "edges": set(job_map.workflow), "positions": dict(job_map.layout.positions)}


def renamed(state: Plain, old: str, new: str) -> Plain:
    def name_of(name: str) -> str:
        return new if name == old else name

    return {
        **state,
        "tasks": {name_of(name): task for name, task in state["tasks"].items()},
        "edges": {(name_of(one), name_of(other)) for one, other in state["edges"]},
        "positions": {name_of(name): place for name, place in state["positions"].items()},
    }


@dataclass
class Tab:
    """One open job map and its history."""

    states: list[Plain]
    now: int = 0
    saved: int = 0
    path: Path | None = None

    @property
    def plain(self) -> Plain:
        return self.states[self.now]

    def go_on(self, state: Plain) -> None:
        """Note a step; none where nothing changed."""
        if state != self.plain:
            self.saved = self.saved if self.saved <= self.now else -1
            self.states[self.now + 1 :] = [state]
            self.now += 1

"""What a run of a job map means, worked out the slow way: for each task, what its parents sent, and from that what it sends.

The job map is one that ``spelled_out`` made: nothing in it is switched off or passed by, and each collect names its fan-out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import combinations
from typing import Any, NamedTuple

from engine.model.job_map import Collect, JobMap, Join, Missing, TaskType, Window

Path = tuple[tuple[int, int], ...]  # the openings as (position of the task, index), so that sorting gives branch order
Sent = dict[Path, Any]  # on each branch a payload, or ENDED, FAILS or Broken
ENDED, FAILS = "ended by []", "what came cannot be brought together"


class Broken(NamedTuple):
    by: str  # the task that failed or was skipped


class Reference:
    def __init__(self, job_map: JobMap, bodies: Mapping[str, Callable[[Any, int], Any]]) -> None:
        self.tasks, self.parents, self.bodies = job_map.by_name, job_map.parents, bodies
        self.place = {task.name: place for place, task in enumerate(job_map.tasks)}
        self.entered, self.failed, self.skipped = dict[str, Sent](), list[tuple[str, Path]](), list[tuple[str, Path, str]]()
        self.leaving, self.parted = cache(self.sent_by), set[str]()  # the joins that failed because two parents fanned out apart
        [self.leaving(task.name) for task in job_map.tasks if task.type is not TaskType.OUTPUT]
        self.outputs = {task.name: self.output(task.name) for task in job_map.tasks if task.type is TaskType.OUTPUT}

    def output(self, name: str) -> list[Any]:
        arrived = [(path, slot, token) for slot, each in enumerate(self.parents[name]) for path, token in self.leaving(each).items()]
        self.skipped += [(name, path, token.by) for path, _, token in arrived if isinstance(token, Broken)]
        return [token for _, _, token in sorted(arrived, key=lambda each: each[:2]) if isinstance(token, dict)]

    def sent_by(self, name: str) -> Sent:
        sent: Sent = {}
        self.entered[name] = self.entering(name)
        for path, token in self.entered[name].items():
            self.failed += [(name, path)] if token == FAILS else []
            self.skipped += [(name, path, token.by)] if isinstance(token, Broken) else []
            sent |= self.call(name, path, token) if isinstance(token, dict) else {path: ENDED if token == ENDED else Broken(name)}
        return sent

    def call(self, name: str, path: Path, payload: Any) -> Sent:
        for attempt in range(1, 2 + (self.tasks[name].policy.retries or 0)):
            given: list[Any] = []
            try:
                result = self.bodies[name](json.loads(json.dumps(payload)), attempt)
                if not isinstance(result, (list, Iterator)):
                    return {path: checked(result)}
                given.extend(map(checked, result) if isinstance(result, Iterator) else list(map(checked, result)))
            except Exception:  # noqa: BLE001  whatever a body raises
                given.append(Broken(name))
            if given != [Broken(name)]:  # no retry once a generator has given an item
                branches = {(*path, (self.place[name], index)): token for index, token in enumerate(given)}
                self.failed += [(name, path)] if Broken(name) in given else []
                return branches or {path: ENDED}
        self.failed.append((name, path))
        return {path: Broken(name)}

    def entering(self, name: str) -> Sent:
        task, sent = self.tasks[name], [self.leaving(each) for each in self.parents[name]]
        if task.join is Join.ANY and len(sent) > 1:
            joined = {(*path, (self.place[name], slot)): token for slot, each in enumerate(sent) for path, token in each.items()}
        else:
            joined = {(): {}} if not sent else sent[0] if len(sent) == 1 and task.join is not Join.BY_TASK else self.joined(name, sent)
        return joined if task.collect is None else self.collected(name, task.collect, joined)

    def joined(self, name: str, sent: list[Sent]) -> Sent:
        openers = [opened_below(each) for each in sent]
        parted = {at for one, other in combinations(openers, 2) for at in one.keys() & other.keys() if one[at] != other[at]}
        self.parted |= {name} if parted else set()
        found: Sent = {at: FAILS for at in parted if not any(at[:depth] in parted for depth in range(len(at)))}
        for path in {path for each in sent for path in each if not any(begins(path, at) for at in parted)}:
            tokens = [token for each in sent for at, token in each.items() if begins(path, at)]
            found |= {path: self.merged(name, tokens)} if len(tokens) == len(sent) else {}
        return found

    def merged(self, name: str, tokens: list[Any]) -> Any:
        absent = [token for token in tokens if isinstance(token, Broken)] + [token for token in tokens if token == ENDED]
        if absent or self.tasks[name].join is Join.BY_TASK:
            return absent[0] if absent else dict(zip(self.parents[name], tokens, strict=True))
        whole: dict[str, Any] = {}
        same = [text(whole.setdefault(key, value)) == text(value) for token in tokens for key, value in token.items()]
        return whole if all(same) else FAILS

    def collected(self, name: str, collect: Collect, joined: Sent) -> Sent:
        over = self.entered[collect.over or ""]
        found = {path: token for path, token in joined.items() if not any(begins(path, at) for at in over)}  # a join failed further out
        lost = list(found)
        for at in [at for at in over if not any(self.leads_to(path, at) for path in lost)]:
            arrived = sorted(path for path in joined if begins(path, at) and joined[path] != ENDED)
            self.failed += [(name, path) for path in arrived if joined[path] == FAILS]
            items = [Broken(name) if joined[path] == FAILS else joined[path] for path in arrived]
            if isinstance(over[at], dict) or over[at] == FAILS:
                kept = [each for each in items if collect.missing is Missing.SKIP or isinstance(each, dict)]
                found |= self.gathered(name, collect, at, kept)
            else:  # where the fan-out was skipped or never reached, so is the collect
                found[at] = self.bundled(name, items) if items else ENDED
        return found

    def leads_to(self, path: Path, at: Path) -> bool:
        lanes = {self.place[task.name] for task in self.tasks.values() if task.join is Join.ANY} - {place for place, _ in at}
        return all(step in at or step[0] in lanes for step in path)

    def gathered(self, name: str, collect: Collect, at: Path, items: list[Any]) -> Sent:
        if collect.window is not None:
            parts = cut(items, collect.window)
        elif collect.group_by is None or any(isinstance(each, Broken) for each in items):
            return {at: self.bundled(name, items)}
        elif any(collect.group_by not in each for each in items):
            return {at: FAILS}
        else:
            kinds = dict.fromkeys(text(each[collect.group_by]) for each in items)
            parts = [[each for each in items if text(each[collect.group_by]) == kind] for kind in kinds]
        return {(*at, (self.place[name], index)): self.bundled(name, part) for index, part in enumerate(parts)} or {at: ENDED}

    def bundled(self, name: str, items: list[Any]) -> Any:
        broken = {each.by for each in items if isinstance(each, Broken)}
        return next((Broken(each) for each in (*self.parents[name], name) if each in broken), {"items": items, "count": len(items)})


def cut(items: list[Any], window: Window) -> list[list[Any]]:
    starts = range(0, len(items), window.step or window.size)
    ends = {start: start + window.size for start in starts}  # a shorter window has something new where none before it came to the end
    whole_or_new = [at for at in starts if ends[at] <= len(items) or all(ends[each] < len(items) for each in starts if each < at)]
    return [items[at : ends[at]] for at in whole_or_new]


def opened_below(sent: Sent) -> dict[Path, set[int]]:
    found: dict[Path, set[int]] = {}
    for path in sent:
        for depth, (opener, _) in enumerate(path):
            found.setdefault(path[:depth], set()).add(opener)
    return found


def begins(path: Path, at: Path) -> bool:
    return path[: len(at)] == at


def text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def checked(item: Any) -> Any:
    if not isinstance(item, dict) or not all(isinstance(key, str) for key in item):
        raise TypeError(item)
    return item

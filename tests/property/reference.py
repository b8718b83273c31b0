"""What a run of a job map that is spelled out means, worked out the slow way: from what a task's parents sent what it sends."""

from __future__ import annotations

from functools import cache
from typing import Any

from engine.model.job_map import Collect, JobMap, Join, Missing
from tests.property.parting import Ways
from tests.property.tokens import APART, CLASH, ENDED, FAILS, NO_KEY, Broken, Functions, Path, Sent, Starts, begins, depth, text


class Reference:
    def __init__(self, job_map: JobMap, bodies: Functions, starts: Starts) -> None:
        self.tasks, self.parents, self.bodies, self.starts = job_map.by_name, job_map.parents, bodies, starts
        self.place = {task.name: place for place, task in enumerate(job_map.tasks)}
        self.lanes = {self.place[task.name] for task in job_map.tasks if task.join is Join.ANY}
        self.ways = Ways(job_map, starts)
        self.enters, self.leaves = cache(self.entering), cache(self.leaving)
        self.failed = list[tuple[str, Path, str]]()

    def entering(self, name: str) -> Sent:
        if name in self.starts:
            return self.starts[name]
        task, sent = self.tasks[name], [self.leaves(each) for each in self.parents[name]]
        lanes = {(*path, (self.place[name], slot)): token for slot, each in enumerate(sent) for path, token in each.items()}
        arrived = lanes if task.join is Join.ANY else self.joined(name, sent)
        return arrived if task.collect is None else self.collected(name, task.collect, dict(sorted(arrived.items())))

    def leaving(self, name: str) -> Sent:
        return {at: token for path, entered in self.enters(name).items() for at, token in self.call(name, path, entered).items()}

    def call(self, name: str, path: Path, payload: Any, attempt: int = 1) -> Sent:
        if not isinstance(payload, dict):
            return {path: ENDED if payload == ENDED else Broken(name, len(path) if payload == APART else depth(payload))}
        given: list[Any] = []
        try:
            result = self.bodies[name](payload, attempt)
            if isinstance(result, dict):
                return {path: result}
            given.extend(result)
        except Exception:  # noqa: BLE001  whatever a body raises
            if not given and attempt <= (self.tasks[name].policy.retries or 0):  # none once a generator has given an item
                return self.call(name, path, payload, attempt + 1)
            given.append(Broken(name))
            self.failed.append((name, path, "raised"))
        branches = {(*path, (self.place[name], index)): token for index, token in enumerate(given)}
        return {path: (*given, ENDED)[0]} if given in ([], [Broken(name)]) else branches

    def joined(self, name: str, sent: list[Sent]) -> Sent:
        apart = self.ways.parted(name, sent)
        news = {path for each in sent for path, token in each.items() if depth(token) is not None}  # paired with nothing further in
        found: Sent = {at: APART for at in apart if not any(begins(at, other) and at != other for other in apart | news)}
        for path in {path for each in sent for path in each if not any(begins(path, at) for at in apart | (news - {path}))}:
            tokens = [token for each in sent for at, token in each.items() if begins(path, at)]
            found |= {path: self.merged(name, tokens)} if len(tokens) == len(sent) or path in news else {}
        self.failed += [(name, path, token) for path, token in found.items() if token in FAILS]
        return found

    def merged(self, name: str, tokens: list[Any]) -> Any:
        broken = [Broken(token.by, depth(*tokens)) for token in tokens if isinstance(token, Broken)]
        if broken or ENDED in tokens or self.tasks[name].join is Join.BY_TASK:
            return (*broken, ENDED)[0] if broken or ENDED in tokens else dict(zip(self.parents[name], tokens, strict=True))
        whole: dict[str, Any] = {}
        same = [text(whole.setdefault(key, value)) == text(value) for token in tokens for key, value in token.items()]
        return whole if all(same) else CLASH

    def collected(self, name: str, collect: Collect, arrived: Sent) -> Sent:
        over = self.enters(collect.over or "")
        lost = [path for path in arrived if not any(begins(path, at) for at in over)]  # a join failed further out than the fan-out is
        behind = {path: [at for at in over if begins(at, (*(s for s in path if s[0] not in self.lanes - {*dict(at)}),))] for path in lost}
        found = {path: arrived[path] for path in lost if behind[path]}
        for at, token in over.items():
            if any(at in each for each in behind.values()) or not any(begins(path, at) for path in arrived):
                continue
            items = [Broken(name) if item in FAILS else item for path, item in arrived.items() if begins(path, at) and item != ENDED]
            if isinstance(token, Broken) or token in (ENDED, APART):  # where the fan-out had nothing to run on, so has the collect
                found[at] = self.bundled(name, items)._replace(depth=depth(*items)) if items else ENDED
            else:
                kept = [item for item in items if collect.missing is Missing.SKIP or isinstance(item, dict)]
                found |= self.gathered(name, collect, at, kept)
        return found

    def gathered(self, name: str, collect: Collect, at: Path, items: list[Any]) -> Sent:
        if collect.window is not None:
            size, step = collect.window.size, collect.window.step or collect.window.size
            parts = [items[n : n + size] for n in range(0, len(items), step) if n == 0 or n - step + size < len(items)]
        elif collect.group_by is None or any(isinstance(item, Broken) for item in items):
            return {at: self.bundled(name, items)}
        elif any(collect.group_by not in item for item in items):
            self.failed.append((name, at, NO_KEY))
            return {at: NO_KEY}
        else:
            kinds = dict.fromkeys(text(item[collect.group_by]) for item in items)
            parts = [[item for item in items if text(item[collect.group_by]) == kind] for kind in kinds]
        return {(*at, (self.place[name], index)): self.bundled(name, part) for index, part in enumerate(parts)} or {at: ENDED}

    def bundled(self, name: str, items: list[Any]) -> Any:
        broken = {item.by for item in items if isinstance(item, Broken)}
        return next((Broken(each) for each in (*self.parents[name], name) if each in broken), {"items": items, "count": len(items)})

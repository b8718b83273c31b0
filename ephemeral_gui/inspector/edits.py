"""Every change that the inspector makes to the document, each one undo step; typing into one field merges into one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.model import editing
from ephemeral_gui.inspector.json_text import Absent

if TYPE_CHECKING:
    from engine.model.job_map import Collect, Datasource, JobMap, JobPolicy, Join, Task, TaskKey, TaskPolicy
    from engine.model.json_value import JsonValue
    from ephemeral_gui.document.document import Document


class Edits:
    """Changes one document. ``leave_field`` says that the next typing is a step of its own."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._visit = 0

    @property
    def job_map(self) -> JobMap:
        """The job map as it is now."""
        return self.document.job_map

    def task(self, key: TaskKey) -> Task | None:
        """Return the task as it is now, None once it is gone."""
        return self.job_map.by_key.get(key)

    def leave_field(self) -> None:
        """End the merging of what is typed."""
        self._visit += 1

    def set_argument(self, key: TaskKey, name: str, value: JsonValue | Absent) -> None:
        """Give an argument a value, or take it away."""
        if isinstance(value, Absent):
            self._change(f"Reset {name}", editing.remove_argument(self.job_map, key, name), "argument", key, name)
        else:
            self._change(f"Set {name}", editing.set_argument(self.job_map, key, name, value), "argument", key, name)

    def rename_argument(self, key: TaskKey, old: str, new: str) -> None:
        """Move an argument's value to another name, in its place; nothing happens where that name has a value."""
        task = self.task(key)
        if task is not None and new not in task.init_args:
            renamed = {new if name == old else name: value for name, value in task.init_args.items()}
            self._change(f"Rename the argument {old}", editing.replace_task(self.job_map, key, init_args=renamed))

    def rename(self, key: TaskKey, name: str) -> None:
        """Rename a task and all that speaks of it."""
        self._change("Rename task", editing.rename_task(self.job_map, key, name), "name", key)

    def set_field(self, key: TaskKey, field: str, value: object) -> None:
        """Set ``description``, ``id``, ``consumes``, ``produces``, ``namespace`` or ``method`` of a task."""
        self._change(f"Set {field}", editing.replace_task(self.job_map, key, **{field: value}), field, key)

    def set_policy(self, key: TaskKey, policy: TaskPolicy, field: str) -> None:
        """Set one field of a task's policy."""
        self._change(f"Set {field}", editing.replace_task(self.job_map, key, policy=policy), "policy", key, field)

    def set_join(self, key: TaskKey, join: Join) -> None:
        """Set how the payloads of several parents become one."""
        self._change("Set join", editing.replace_task(self.job_map, key, join=join))

    def set_collect(self, key: TaskKey, collect: Collect | None, field: str = "") -> None:
        """Set what the task gathers, None for nothing."""
        self._change("Set collect", editing.replace_task(self.job_map, key, collect=collect), "collect", key, field)

    def set_datasource(self, datasource: Datasource, field: str) -> None:
        """Set where the first payloads come from."""
        self._change("Set datasource", editing.set_datasource(self.job_map, datasource), "datasource", field)

    def describe(self, *, name: str, description: str | None, field: str) -> None:
        """Set the job's name and description."""
        self._change(f"Set the job's {field}", editing.describe(self.job_map, name=name, description=description), "job", field)

    def set_job_policy(self, policy: JobPolicy, field: str) -> None:
        """Set one field of the job's policy."""
        self._change(f"Set {field}", replace(self.job_map, policy=policy), "job policy", field)

    def _change(self, text: str, job_map: JobMap, *merge: object) -> None:
        self.document.change(text, job_map, merge=(*merge, self._visit) if merge else None)

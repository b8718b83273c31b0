"""The page of several tasks of one method: what is written goes to all of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout
from typing_extensions import override

from engine.model import editing
from ephemeral_gui.inspector.arguments import ArgumentsForm
from ephemeral_gui.inspector.edits import Edits
from ephemeral_gui.inspector.json_text import ABSENT, Absent, is_same
from ephemeral_gui.inspector.page import Page
from ephemeral_gui.inspector.problem_places import problems_of_task
from ephemeral_gui.inspector.row import sentence
from ephemeral_gui.widgets.labels import ElidedLabel, IconLabel, PlainLabel, line
from ephemeral_gui.widgets.task_icons import task_icon

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtWidgets import QWidget

    from engine.model.definition import Definition
    from engine.model.job_map import Task, TaskKey
    from engine.model.json_value import JsonValue
    from engine.problems import Problem
    from ephemeral_gui.document.document import Document
    from ephemeral_gui.widgets.theme import Look

MOST_LOOKED_AT = 50
MIXED = "Different in the selected tasks. What you write here goes to all of them."


class SharedEdits(Edits):
    """Changes several tasks of one method as if they were one: each edit is one step for all."""

    def __init__(self, document: Document, keys: Sequence[TaskKey]) -> None:
        super().__init__(document)
        self._keys = tuple(keys)

    @property
    def tasks(self) -> list[Task]:
        """Those of the tasks that are still there."""
        return [task for key in self._keys if (task := self.job_map.by_key.get(key)) is not None]

    @override
    def task(self, key: TaskKey) -> Task | None:
        """Return a task that says what all of them say, None once they are gone."""
        tasks = self.tasks
        if not tasks:
            return None
        shared = {name: value for name, value in tasks[0].init_args.items() if not self.is_mixed(name)}
        types = {
            field: getattr(tasks[0], field) for field in ("consumes", "produces") if len({getattr(each, field) for each in tasks}) == 1
        }
        return replace(tasks[0], init_args=shared, **{"consumes": "", "produces": "", **types})

    def is_mixed(self, name: str) -> bool:
        """Return whether an argument differs between the tasks."""
        values = [task.init_args.get(name, ABSENT) for task in self.tasks]
        return not all(is_same(value, values[0]) for value in values[1:])

    @override
    def set_argument(self, key: TaskKey, name: str, value: JsonValue | Absent) -> None:
        def changed(task: Task) -> Task:
            rest = {each: given for each, given in task.init_args.items() if each != name}
            return replace(task, init_args=rest if isinstance(value, Absent) else {**task.init_args, name: value})

        job_map = editing.change_tasks(self.job_map, self._keys, changed)
        self._change(f"Set {name} of {len(self._keys)} tasks", job_map, "arguments", self._keys, name)

    @override
    def set_field(self, key: TaskKey, field: str, value: object) -> None:
        fields: Mapping[str, Any] = {field: value}
        job_map = editing.change_tasks(self.job_map, self._keys, lambda task: replace(task, **fields))
        self._change(f"Set {field} of {len(self._keys)} tasks", job_map, "fields", self._keys, field)

    @override
    def rename_argument(self, key: TaskKey, old: str, new: str) -> None:
        """Leave it: names are mended one task at a time."""


class ManyPage(Page):
    """Controls: ``argument.<name>``; ``<control>.note`` says where the tasks differ. Object: ``many``."""

    def __init__(self, keys: Sequence[TaskKey], definition: Definition, document: Document, look: Look) -> None:
        edits = SharedEdits(document, keys)
        super().__init__(edits, look)
        self._shared = edits
        self._key = keys[0]
        self._definition = definition
        self._place = QVBoxLayout()
        self._lay_out(len(keys))
        self._make_form()

    @override
    def follow(self) -> None:
        if not self._shared.tasks:
            return
        if self._form.signature() != self._signature and not self._form.has_focus:
            self._form.hide()
            self._form.deleteLater()
            self._make_form()
        self._form.follow()
        for row, binding in self._form.rows:
            if binding.pointer[0] == "init_args":
                mixed = self._shared.is_mixed(binding.pointer[1])
                row.editor.show_mixed(mixed=mixed)
                row.say(MIXED if mixed else "")

    @override
    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Show at each field what is wrong with it in any of the tasks, of many in the first ones."""
        job_map, keys = self._shared.job_map, [task.key for task in self._shared.tasks[:MOST_LOOKED_AT]]
        found = {(steps, sentence(problem)): problem for key in keys for steps, problem in problems_of_task(problems, job_map, key)}
        self._form.show_problems([(steps, problem) for (steps, _), problem in found.items()])

    @override
    def first_control(self) -> QWidget | None:
        return self._form.rows[0][0].editor.control if self._form.rows else None

    def _make_form(self) -> None:
        self._form = ArgumentsForm(self._key, self._definition, self.edits, self.look)
        self._signature = self._form.signature()
        self._place.addWidget(self._form)

    def _lay_out(self, count: int) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(12, 12, 12, 2)
        head.setSpacing(8)
        icon = IconLabel(self.look, 16)
        icon.show_icon(task_icon(self._shared.tasks[0], self._definition), self.look.theme.text2)
        title = PlainLabel(f"{count} tasks", "title")
        title.setObjectName("many")
        head.addWidget(icon)
        head.addWidget(title, 1)
        under = QVBoxLayout()
        under.setContentsMargins(36, 0, 12, 12)
        method = ElidedLabel(f"{self._definition.namespace}.{self._definition.name}", "muted")
        method.setFont(self.look.mono_font())
        under.addWidget(method)
        self.column.addLayout(head)
        self.column.addLayout(under)
        self.column.addWidget(line())
        self.column.addLayout(self._place)
        self.column.addStretch(1)

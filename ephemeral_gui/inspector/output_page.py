"""The page of an output task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

from ephemeral_gui.inspector.form import Binding, Form
from ephemeral_gui.inspector.json_text import ABSENT, Absent
from ephemeral_gui.inspector.line_editors import LineEditor
from ephemeral_gui.inspector.page import TaskPage
from ephemeral_gui.inspector.problem_places import problems_of_task
from ephemeral_gui.inspector.row import Caption
from ephemeral_gui.widgets.labels import PlainLabel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.model.job_map import Task
    from engine.model.json_value import JsonValue
    from engine.problems import Problem
    from ephemeral_gui.inspector.edits import Edits
    from ephemeral_gui.widgets.theme import Look

ABOUT = "Every payload that arrives here is a result of the job."


class OutputPage(TaskPage):
    """Control: ``id``, beside ``name``."""

    def __init__(self, task: Task, edits: Edits, look: Look) -> None:
        super().__init__(task.key, "output", "output", edits, look)
        self.top.insertWidget(2, PlainLabel(ABOUT, "text2", wrap=True))
        self._form = Form(edits, look)
        caption = Caption("id", "Id", "Names this output in the results; its name where it is left out.")
        self._form.add(caption, LineEditor(task.name), Binding(("id",), self._read, self._write))
        self.column.addWidget(self._form)
        self.column.addWidget(self.branches)
        self.column.addStretch(1)
        self.show_progress(None)

    @override
    def follow(self) -> None:
        super().follow()
        self._form.follow()

    @override
    def show_problems(self, problems: Sequence[Problem]) -> None:
        self.say_trouble(self._form.show_problems(problems_of_task(problems, self.edits.job_map, self.key)))

    def _read(self) -> JsonValue | Absent:
        task = self.edits.task(self.key)
        return task.id if task is not None and task.id is not None else ABSENT

    def _write(self, value: JsonValue | Absent) -> None:
        self.edits.set_field(self.key, "id", value if isinstance(value, str) and value else None)

"""The page of the job itself, while no task is selected."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from typing_extensions import override

from engine.model.job_map import DEFAULT_MAX_CONCURRENT
from ephemeral_gui.inspector.choice_editors import FlagEditor
from ephemeral_gui.inspector.form import Binding, Form
from ephemeral_gui.inspector.heading import About, Heading
from ephemeral_gui.inspector.hint import Hint
from ephemeral_gui.inspector.json_text import ABSENT, Absent
from ephemeral_gui.inspector.line_editors import NumberEditor
from ephemeral_gui.inspector.page import Page
from ephemeral_gui.inspector.problem_places import problems_within
from ephemeral_gui.inspector.row import Caption
from ephemeral_gui.inspector.text_editors import TextEditor
from ephemeral_gui.widgets.labels import line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from engine.model.json_value import JsonValue
    from engine.problems import Problem
    from ephemeral_gui.inspector.edits import Edits
    from ephemeral_gui.widgets.theme import Look


class JobPage(Page):
    """Controls: ``name``, ``job.description``, ``job.max_concurrent``, ``job.fail_fast``."""

    def __init__(self, edits: Edits, look: Look, selected: int = 0) -> None:
        super().__init__(edits, look)
        self.column.addWidget(Hint(look, selected))
        self.column.addWidget(line())
        about = About("page", "", self._rename, lambda name: "" if name.strip() else "A job needs a name.")
        self.heading = Heading(about, edits, look)
        self.heading.setContentsMargins(12, 12, 12, 0)
        self.column.addWidget(self.heading)
        self._form = Form(edits, look)
        self._form.add(
            Caption("job.description", "Description"),
            TextEditor("What this job does"),
            Binding(("description",), self._read, self._describe),
        )
        limit = NumberEditor(str(DEFAULT_MAX_CONCURRENT), whole=True, minimum=1, maximum=None)
        words = "Invocations of all tasks that run at one time."
        self._form.add(Caption("job.max_concurrent", "At most at once", words), limit, self._policy("max_concurrent"))
        stop = FlagEditor("Stop at the first failure", False)  # noqa: FBT003  the default
        self._form.add(Caption("job.fail_fast", "Stop at the first failure"), stop, self._policy("fail_fast"))
        self.column.addWidget(self._form)
        self.column.addStretch(1)

    @override
    def follow(self) -> None:
        self.heading.show_name(self.edits.job_map.name)
        self._form.follow()

    @override
    def show_problems(self, problems: Sequence[Problem]) -> None:
        self._form.show_problems(problems_within(problems))

    @override
    def first_control(self) -> QWidget | None:
        return self.heading.editor.control

    def _rename(self, name: str) -> None:
        self.edits.describe(name=name, description=self.edits.job_map.description, field="name")

    def _read(self) -> JsonValue | Absent:
        return self.edits.job_map.description or ABSENT

    def _describe(self, value: JsonValue | Absent) -> None:
        text = value if isinstance(value, str) and value else None
        self.edits.describe(name=self.edits.job_map.name, description=text, field="description")

    def _policy(self, field: str) -> Binding:
        def read() -> JsonValue | Absent:
            value: JsonValue = getattr(self.edits.job_map.policy, field)
            return ABSENT if value is None else value

        def write(value: JsonValue | Absent) -> None:
            policy = replace(self.edits.job_map.policy, **{field: None if isinstance(value, Absent) else value})  # type: ignore[arg-type]
            self.edits.set_job_policy(policy, field)

        return Binding(("policy", field), read, write, can_reset=True)

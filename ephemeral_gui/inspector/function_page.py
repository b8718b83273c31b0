"""The page of a function task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from engine.problems import suggested
from ephemeral_gui.inspector.arguments import ArgumentsForm
from ephemeral_gui.inspector.branch_list import BranchList
from ephemeral_gui.inspector.page import TaskPage
from ephemeral_gui.inspector.problem_places import problems_of_task
from ephemeral_gui.inspector.sections import CollectSection, DescriptionSection, JoinSection, PolicySection
from ephemeral_gui.widgets.labels import PlainLabel
from ephemeral_gui.widgets.task_icons import task_icon

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from engine.execution.progress import ProgressSnapshot
    from engine.model.definition import Definition
    from engine.model.job_map import Task
    from engine.problems import Problem
    from ephemeral_gui.inspector.edits import Edits
    from ephemeral_gui.runs.branch_log import TaskBranches
    from ephemeral_gui.widgets.theme import Look


class FunctionPage(TaskPage):
    """Name, state, what the method does, its arguments, and the folded sections; without a definition the data are kept and shown."""

    def __init__(self, task: Task, definition: Definition | None, edits: Edits, look: Look) -> None:
        subtitle = ".".join(part for part in (task.namespace, task.method) if part)
        super().__init__(task.key, task_icon(task, definition), subtitle, edits, look)
        self._definition = definition
        self._problems: Sequence[Problem] = ()
        self._mend = QPushButton()
        self._form_place = QVBoxLayout()
        self._form = ArgumentsForm(task.key, definition, edits, look)
        self._signature = self._form.signature()
        place = (task.key, edits, look)
        policy = PolicySection(*place) if definition is None else PolicySection(*place, definition.runs)
        self._sections = (DescriptionSection(*place), policy, JoinSection(*place), CollectSection(*place))
        self.branch_list = BranchList(look, is_open=False)
        self._lay_out(definition.description if definition else missing_words(task))
        self._mend.clicked.connect(self._take_suggestion)
        self.show_progress(None)

    @override
    def follow(self) -> None:
        super().follow()
        if self._form.signature() != self._signature and not self._is_typing():
            self._make_form_anew()
        self._form.follow()
        for section in self._sections:
            section.follow()

    @override
    def show_problems(self, problems: Sequence[Problem]) -> None:
        self._problems = problems
        placed = problems_of_task(problems, self.edits.job_map, self.key)
        left = self._form.show_problems(placed)
        for section in self._sections:
            mine = [(steps, problem) for steps, problem in placed if problem in left]
            left = section.show_problems(mine)
        self.say_trouble(left)
        offered = next((name for problem in left if (name := suggested(problem))), "")
        self._mend.setText(offered)
        self._mend.setVisible(bool(offered) and self._definition is None)

    @override
    def show_progress(self, snapshot: ProgressSnapshot | None) -> None:
        super().show_progress(snapshot)
        if self._definition is None:
            self.state.show_state("missing")

    @override
    def first_control(self) -> QWidget | None:
        """Return the control of the first argument; the name's where the method takes none."""
        names = [argument.name for argument in self._definition.init_args] if self._definition is not None else []
        first = self.argument_control(names[0]) if names else None
        return first if first is not None else super().first_control()

    @override
    def show_branches(self, branches: Callable[[str], TaskBranches] | None) -> None:
        task = self.edits.task(self.key)
        self.branch_list.show_branches(branches(task.name) if branches is not None and task is not None else None)

    def argument_control(self, name: str) -> QWidget | None:
        """Return the control of an argument, None where there is none."""
        row = self._form.row(("init_args", name)) or self._form.row((name,))
        return row.editor.control if row is not None else None

    def _lay_out(self, description: str) -> None:
        about = PlainLabel(description, "text2", wrap=True)
        about.setObjectName("about")
        self.top.insertWidget(2, about)
        self._mend.setObjectName("trouble.mend")
        self._mend.setProperty("flavour", "mend")
        self._mend.hide()
        self.top.addWidget(self._mend, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addLayout(self._form_place)
        self._put_form()
        for section in self._sections:
            self.column.addWidget(section)
        self.column.addWidget(self.branches)
        self.column.addWidget(self.branch_list)
        self.column.addStretch(1)

    def _put_form(self) -> None:
        self._form_place.addWidget(self._form)
        for row, _ in self._form.rows:
            row.editor.left.connect(self._follow_soon)

    def _follow_soon(self) -> None:
        if self._form.signature() != self._signature:
            QTimer.singleShot(0, self, self.follow)

    def _is_typing(self) -> bool:
        """Return whether a control of the form has the focus and all of its rows are still due."""
        return self._form.has_focus and self._form.signature()[1:] == self._signature[1:]

    def _make_form_anew(self) -> None:
        focused: QWidget | None = self.focusWidget()
        name = focused.objectName() if focused is not None and self._form.isAncestorOf(focused) else ""
        self._form.hide()
        self._form.deleteLater()
        self._form = ArgumentsForm(self.key, self._definition, self.edits, self.look)
        self._signature = self._form.signature()
        self._put_form()
        self._form.setVisible(bool(self._form.rows))
        self.show_problems(self._problems)
        again = self._form.findChild(QWidget, name) if name else None
        if again is not None:
            again.setFocus()

    def _take_suggestion(self) -> None:
        task = self.edits.task(self.key)
        about_namespace = any(
            problem.pointer.endswith("/namespace") and suggested(problem) == self._mend.text() for problem in self._problems
        )
        if task is not None:
            self.edits.set_field(self.key, "namespace" if about_namespace else "method", self._mend.text())


def missing_words(task: Task) -> str:
    """Return what a person needs to know of a task whose method is not there."""
    method = ".".join(part for part in (task.namespace, task.method) if part) or "No method"
    kept = "Everything that the job map says of this task is kept and shown below; it cannot run until the method is there."
    return f"{method} is not installed here. {kept}"

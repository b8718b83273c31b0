"""What the pages of the inspector have in common: a scrolled column that follows the document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from ephemeral_gui.inspector.heading import About, Heading
from ephemeral_gui.inspector.row import sentence
from ephemeral_gui.inspector.run_view import Branches, StateLine
from ephemeral_gui.widgets.labels import PlainLabel, line
from ephemeral_gui.widgets.stylesheet import set_variant

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from engine.execution.progress import ProgressSnapshot
    from engine.model.job_map import JobMap, TaskKey
    from engine.problems import Problem
    from ephemeral_gui.inspector.edits import Edits
    from ephemeral_gui.runs.branch_log import TaskBranches
    from ephemeral_gui.widgets.theme import Look


class Page(QScrollArea):
    """Shows one part of the document; makes no change unless the user asks."""

    def __init__(self, edits: Edits, look: Look) -> None:
        super().__init__()
        self.edits = edits
        self.look = look
        self.setProperty("role", "panel")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        ground = QWidget()
        ground.setProperty("role", "panel")
        ground.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.column = QVBoxLayout(ground)
        self.column.setContentsMargins(0, 0, 0, 12)
        self.column.setSpacing(0)
        self.setWidget(ground)

    def follow(self) -> None:
        """Show what the document holds now."""

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Show what the validator says of this part."""

    def show_progress(self, snapshot: ProgressSnapshot | None) -> None:
        """Show how this part stands in the run."""

    def show_branches(self, branches: Callable[[str], TaskBranches] | None) -> None:
        """Show what became of each branch of this part, which ``branches`` says of a task; None where nothing ran."""

    def first_control(self) -> QWidget | None:
        """Return the control that takes the keyboard's focus first."""
        return None


class TaskPage(Page):
    """A page of one task: its heading, and beneath it what the kind of task needs."""

    def __init__(self, key: TaskKey, icon_name: str, subtitle: str, edits: Edits, look: Look) -> None:
        super().__init__(edits, look)
        self.key = key
        about = About(icon_name, subtitle, lambda name: edits.rename(key, name), lambda name: refuse_name(edits.job_map, key, name))
        self.heading = Heading(about, edits, look)
        self.trouble = PlainLabel(role="error", wrap=True)
        self.trouble.setObjectName("trouble")
        self.trouble.hide()
        self.top = QVBoxLayout()
        self.top.setContentsMargins(12, 12, 12, 12)
        self.top.setSpacing(10)
        self.state = StateLine(look)
        self.branches = Branches(look)
        for widget in (self.heading, self.state, self.trouble):
            self.top.addWidget(widget)
        self.column.addLayout(self.top)
        self.column.addWidget(line())

    @override
    def follow(self) -> None:
        task = self.edits.task(self.key)
        if task is not None:
            self.heading.show_name(task.name)

    @override
    def show_progress(self, snapshot: ProgressSnapshot | None) -> None:
        task = self.edits.task(self.key)
        progress = snapshot.tasks.get(task.name) if snapshot is not None and task is not None else None
        self.state.show_progress(progress)
        self.branches.show_progress(progress)

    def say_trouble(self, problems: Sequence[Problem]) -> None:
        """Show the problems that belong to no field."""
        texts = dict.fromkeys(sentence(problem) for problem in problems)
        set_variant(self.trouble, "role", "error" if any(problem.is_error for problem in problems) else "text2")
        self.trouble.setText("\n".join(texts))
        self.trouble.setVisible(bool(texts))

    @override
    def first_control(self) -> QWidget | None:
        """Return the name's control."""
        return self.heading.editor.control


def refuse_name(job_map: JobMap, key: TaskKey, name: str) -> str:
    """Return why a task cannot have a name, empty where it can."""
    if not name.strip():
        return "A task needs a name."
    taken = any(task.name == name and task.key != key for task in job_map.tasks)
    return "Another task has this name." if taken else ""

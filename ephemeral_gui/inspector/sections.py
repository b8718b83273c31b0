"""The folded sections of a function task: description, policy, join, collect."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtWidgets import QVBoxLayout
from typing_extensions import override

from engine.model.job_map import Collect, Join, Missing, OnError, RunsOn, TaskType, Window
from ephemeral_gui.inspector.choice_editors import ChoiceEditor, FlagEditor
from ephemeral_gui.inspector.form import Binding, Form
from ephemeral_gui.inspector.json_text import ABSENT, Absent
from ephemeral_gui.inspector.line_editors import LineEditor, NumberEditor
from ephemeral_gui.inspector.row import Caption
from ephemeral_gui.inspector.text_editors import TextEditor
from ephemeral_gui.widgets.section import Section

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from engine.model.job_map import Task, TaskKey
    from engine.model.json_value import JsonValue
    from engine.problems import Problem
    from ephemeral_gui.inspector.editor import Editor
    from ephemeral_gui.inspector.edits import Edits
    from ephemeral_gui.inspector.problem_places import Placed
    from ephemeral_gui.widgets.theme import Look

STEP = ("collect", "window", "step")
ON_ERROR = {OnError.CONTINUE: "Other branches go on", OnError.STOP: "Stop the run"}
RUNS = {RunsOn.LOOP: "Event loop", RunsOn.THREAD: "Thread", RunsOn.PROCESS: "Process", RunsOn.DASK: "Dask cluster"}
JOINS = {Join.MERGE: "Wait for all parents", Join.BY_TASK: "Keep parents apart", Join.ANY: "Run for each parent"}


class TaskSection(Section):
    """A section whose form follows one task. ``title`` is what it is called, ``step`` the key of the task that it is about."""

    title = ""
    step = ""

    def __init__(self, key: TaskKey, edits: Edits, look: Look) -> None:
        super().__init__(self.title, look)
        self.key = key
        self.edits = edits
        self.form = Form(edits, look, margins=(30, 4, 12, 12))
        self.header.setObjectName(f"section.{self.step}")
        self._body = QVBoxLayout(self.body)
        self._body.setContentsMargins(0, 0, 0, 0)
        self._body.addWidget(self.form)
        self.header.toggled.connect(self.follow)

    def follow(self) -> None:
        """Show what the document holds; the rows are made when the section is first opened or has a problem to show."""
        task = self.edits.task(self.key)
        if task is None:
            return
        self.set_summary(self.summary(task))
        if self.header.isChecked() and not self.form.rows:
            self.fill()
        self.form.follow()

    def show_problems(self, problems: Sequence[Placed]) -> list[Problem]:
        """Show the problems that speak of a row of this section, and return the others."""
        if not self.form.rows and any(steps[:1] == (self.step,) for steps, _ in problems):
            self.fill()
            self.form.follow()
        return self.form.show_problems(problems)

    def fill(self) -> None:
        """Make the rows."""
        raise NotImplementedError

    def summary(self, task: Task) -> str:
        """Return the few words beside the title."""
        raise NotImplementedError


class DescriptionSection(TaskSection):
    """What this task is for, in the user's words. Control: ``description``."""

    title = "Description"
    step = "description"

    @override
    def fill(self) -> None:
        binding = Binding(("description",), self._read, self._write)
        self.form.add(Caption("description", "What this task is for"), TextEditor("Your own words"), binding)

    @override
    def summary(self, task: Task) -> str:
        return task.description or "None"

    def _read(self) -> JsonValue | Absent:
        task = self.edits.task(self.key)
        return task.description or ABSENT if task is not None else ABSENT

    def _write(self, value: JsonValue | Absent) -> None:
        self.edits.set_field(self.key, "description", value if isinstance(value, str) and value else None)


class PolicySection(TaskSection):
    """Retries, limits and place. Controls: ``policy.<field>``."""

    title = "Policy"
    step = "policy"

    def __init__(self, key: TaskKey, edits: Edits, look: Look, runs: RunsOn = RunsOn.LOOP) -> None:
        super().__init__(key, edits, look)
        self._runs = runs  # where the bodies of the method run if the task says nothing

    @override
    def fill(self) -> None:
        self._add("retries", "Retries", _number("0", whole=True), "How often a failed invocation is tried again.")
        self._add("retry_delay", "Delay before a retry", _number("0", whole=False), "Seconds.")
        words = "Each further delay is this many times the one before."
        self._add("retry_backoff", "Backoff", NumberEditor("1", whole=False, minimum=0.1, maximum=None), words)
        self._add("timeout", "Time limit", _number("none", whole=False), "Seconds for each attempt.")
        self._add(
            "max_concurrent",
            "At most at once",
            _number("the job's limit", whole=True, minimum=1),
            "Invocations of this task that run at one time.",
        )
        self._add("on_error", "After a failure", _enum(ON_ERROR, OnError.CONTINUE), "")
        self._add("runs", "Runs in", _enum(RUNS, self._runs), "")

    @override
    def summary(self, task: Task) -> str:
        policy = task.policy
        parts = []
        if policy.retries:
            parts.append(f"{policy.retries} {'retry' if policy.retries == 1 else 'retries'}")
        if policy.timeout is not None:
            parts.append(f"{policy.timeout:g} s limit")
        if policy.max_concurrent is not None:
            parts.append(f"{policy.max_concurrent} at once")
        if policy.on_error is not None:
            parts.append(ON_ERROR[policy.on_error].lower())
        if policy.runs is not None:
            parts.append(RUNS[policy.runs].lower())
        return ", ".join(parts) or "Default"

    def _add(self, field: str, title: str, editor: Editor, words: str) -> None:
        def read() -> JsonValue | Absent:
            task = self.edits.task(self.key)
            value = getattr(task.policy, field) if task is not None else None
            return ABSENT if value is None else cast("JsonValue", str(value) if isinstance(value, (OnError, RunsOn)) else value)

        def write(value: JsonValue | Absent) -> None:
            task = self.edits.task(self.key)
            if task is not None:
                self.edits.set_policy(self.key, replace(task.policy, **{field: _field_value(field, value)}), field)

        caption = Caption(f"policy.{field}", title, words, reset="Back to the default")
        self.form.add(caption, editor, Binding(("policy", field), read, write, can_reset=True))


class JoinSection(TaskSection):
    """How several parents become one payload. Control: ``join``."""

    title = "Join"
    step = "join"

    @override
    def fill(self) -> None:
        editor = ChoiceEditor([str(join) for join in JOINS], labels=list(JOINS.values()))
        words = "Waiting for all, their payloads become one; kept apart, each stands under its parent's name; else each runs as it arrives."
        self.form.add(Caption("join", "With several parents", words), editor, Binding(("join",), self._read, self._write))

    @override
    def summary(self, task: Task) -> str:
        return JOINS[task.join]

    def _read(self) -> JsonValue | Absent:
        task = self.edits.task(self.key)
        return str(task.join) if task is not None else ABSENT

    def _write(self, value: JsonValue | Absent) -> None:
        self.edits.set_join(self.key, Join(str(value)))


class CollectSection(TaskSection):
    """The gathering of branches. Controls: ``collect`` and ``collect.`` ``over``, ``group_by``, ``window``, ``step``, ``missing``."""

    title = "Collect"
    step = "collect"

    @override
    def fill(self) -> None:
        self.form.add(Caption("collect", "Gather branches"), FlagEditor("Gather all branches of ...", False), self._switch())  # noqa: FBT003  a default
        over = ChoiceEditor(["", *self._other_tasks()], labels=["the nearest fan-out", *self._other_tasks()])
        self._add("over", "... of", over, "The task whose branches are gathered.", read=lambda collect: collect.over or "")
        self._add(
            "group_by",
            "One group for each",
            LineEditor("no groups"),
            "A key of the payload.",
            read=lambda collect: collect.group_by or ABSENT,
        )
        window = _number("no windows", whole=True, minimum=1)
        self._add("window", "Window of", window, "Items at a time.", read=lambda collect: collect.window.size if collect.window else ABSENT)
        step = _number("the window's size", whole=True, minimum=1)
        words = "How many items later the next window begins."
        self._add("step", "Windows begin every", step, words, read=lambda collect: (collect.window and collect.window.step) or ABSENT)
        missing = ChoiceEditor(["skip", "drop"], labels=["Skip the whole", "Go on without it"])
        self._add("missing", "Where a branch failed", missing, "", read=lambda collect: str(collect.missing))

    @override
    def summary(self, task: Task) -> str:
        if task.collect is None:
            return "Off"
        return f"All branches of {task.collect.over}" if task.collect.over else "All branches"

    @override
    def follow(self) -> None:
        super().follow()
        is_on = self._collect() is not None
        for row, binding in self.form.rows:
            needed = self._has_window if binding.pointer == STEP else is_on
            row.setVisible(needed or binding.pointer == ("collect",))

    def _other_tasks(self) -> list[str]:
        return [task.name for task in self.edits.job_map.tasks if task.key != self.key and task.type is not TaskType.OUTPUT]

    def _switch(self) -> Binding:
        def write(value: JsonValue | Absent) -> None:
            self.edits.set_collect(self.key, Collect() if value is True else None)

        return Binding(("collect",), lambda: self._collect() is not None, write)

    def _add(self, field: str, title: str, editor: Editor, words: str, *, read: Callable[[Collect], JsonValue | Absent]) -> None:
        def current() -> JsonValue | Absent:
            collect = self._collect()
            return ABSENT if collect is None else read(collect)

        def write(value: JsonValue | Absent) -> None:
            collect = self._collect()
            if collect is not None:
                key = "window" if field == "step" else field
                self.edits.set_collect(self.key, replace(collect, **{key: _collect_value(collect, field, value)}), field)

        pointer = STEP if field == "step" else ("collect", field)
        self.form.add(Caption(f"collect.{field}", title, words), editor, Binding(pointer, current, write))

    @property
    def _has_window(self) -> bool:
        collect = self._collect()
        return collect is not None and collect.window is not None

    def _collect(self) -> Collect | None:
        task = self.edits.task(self.key)
        return task.collect if task is not None else None


def _number(hint: str, *, whole: bool, minimum: float = 0) -> Editor:
    return NumberEditor(hint, whole=whole, minimum=minimum, maximum=None)


def _enum(labels: Mapping[Any, str], default: OnError | RunsOn) -> Editor:
    return ChoiceEditor([str(each) for each in labels], f"{labels[default]}, by default", list(labels.values()))


def _field_value(field: str, value: JsonValue | Absent) -> Any:
    if isinstance(value, Absent):
        return None
    kinds: dict[str, Callable[[Any], Any]] = {"on_error": OnError, "runs": RunsOn}
    return kinds[field](value) if field in kinds else value


def _collect_value(collect: Collect, field: str, value: JsonValue | Absent) -> Any:
    match field:
        case "window":
            return replace(collect.window or Window(value), size=value) if isinstance(value, int) else None
        case "step":
            step = value if isinstance(value, int) else None
            return replace(collect.window, step=step) if collect.window is not None else None
        case "missing":
            return Missing(str(value))
        case _:
            return value if isinstance(value, str) and value else None

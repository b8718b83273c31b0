"""The page of the input task: where the first payloads come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from typing_extensions import override

from engine.model.job_map import Datasource
from ephemeral_gui.inspector.choice_editors import ChoiceEditor
from ephemeral_gui.inspector.form import Binding, Form
from ephemeral_gui.inspector.json_text import ABSENT, Absent
from ephemeral_gui.inspector.line_editors import LineEditor
from ephemeral_gui.inspector.page import TaskPage
from ephemeral_gui.inspector.path_editor import PathEditor
from ephemeral_gui.inspector.preview import Preview
from ephemeral_gui.inspector.problem_places import problems_of_task, problems_within
from ephemeral_gui.inspector.row import Caption
from ephemeral_gui.inspector.text_editors import JsonEditor
from ephemeral_gui.widgets.labels import PlainLabel

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from engine.model.job_map import Task
    from engine.model.json_value import JsonObject, JsonValue
    from engine.problems import Problem
    from ephemeral_gui.inspector.editor import Editor
    from ephemeral_gui.inspector.edits import Edits
    from ephemeral_gui.widgets.theme import Look


@dataclass(frozen=True, slots=True)
class Field:
    """One key of a datasource."""

    key: str
    title: str
    kind: str
    help: str = ""
    required: bool = True


KINDS: dict[str, tuple[str, str, tuple[Field, ...]]] = {
    "direct": (
        "Written here",
        "The content is the payload; a list opens a branch for each of its objects.",
        (Field("content", "Content", "json", "An object, or a list of objects."),),
    ),
    "file": (
        "A file",
        "A JSON file is one payload or a list of them; each line of JSON Lines or row of CSV opens a branch.",
        (
            Field("path", "Path", "path", "Relative to the job map's folder."),
            Field("format", "Format", "text", "Where the file's name does not say it: json, jsonl or csv.", required=False),
        ),
    ),
    "files": (
        "The files of a folder",
        "Each file opens a branch with its path.",
        (
            Field("folder", "Folder", "folder", "Relative to the job map's folder."),
            Field("pattern", "Pattern", "text", "Such as *.nc; all files where it is left out.", required=False),
        ),
    ),
    "sample": (
        "Sample data",
        "The path of a file that comes with an installed package.",
        (Field("name", "Name", "text", "Such as ostia_monthly.nc."),),
    ),
}

STARTS: dict[str, JsonObject] = {
    "direct": {"content": {"input": ""}},
    "file": {"path": ""},
    "files": {"folder": "", "pattern": "*"},
    "sample": {"name": "ostia_monthly.nc"},
}


class InputPage(TaskPage):
    """Controls: ``datasource.source`` and ``datasource.<key>``."""

    def __init__(self, task: Task, edits: Edits, look: Look) -> None:
        super().__init__(task.key, "input", "input", edits, look)
        self._kept: dict[str, JsonObject] = {}
        self._about = PlainLabel(role="text2", wrap=True)
        self.top.insertWidget(2, self._about)
        self._source = ""
        self._form = Form(edits, look)
        self.column.addWidget(self._form)
        self._preview = Preview(edits, look)
        self.column.addWidget(self._preview)
        self.column.addWidget(self.branches)
        self.column.addStretch(1)
        self._make_form()
        self.show_progress(None)

    @override
    def follow(self) -> None:
        super().follow()
        if self.edits.job_map.datasource.source != self._source:
            self._make_form()
        self._form.follow()
        self._preview.follow()

    @override
    def show_problems(self, problems: Sequence[Problem]) -> None:
        left = self._form.show_problems(problems_within(problems, "datasource"))
        of_task = [problem for _, problem in problems_of_task(problems, self.edits.job_map, self.key)]
        self.say_trouble([*left, *of_task])

    @override
    def first_control(self) -> QWidget | None:
        """Return the control of the kind of datasource: an input's name matters to nobody."""
        return self._form.rows[0][0].editor.control

    def _make_form(self) -> None:
        source = self.edits.job_map.datasource.source
        old, self._form = self._form, Form(self.edits, self.look)
        had_focus = old.has_focus
        self.column.replaceWidget(old, self._form)
        old.hide()
        old.deleteLater()
        self._source = source
        title, about, fields = KINDS.get(source, (source, "This kind of datasource is not known; its keys are kept.", ()))
        self._about.setText(about)
        names = [*KINDS] if source in KINDS else [source, *KINDS]
        labels = [KINDS[name][0] if name in KINDS else title for name in names]
        kind = self._form.add(
            Caption("datasource.source", "Where payloads come from"), ChoiceEditor(names, labels=labels), self._kind_binding()
        )
        for field in fields:
            self._add(field)
        if not fields:
            self._add_all()
        if had_focus:
            kind.editor.control.setFocus()

    def _kind_binding(self) -> Binding:
        return Binding(("source",), lambda: self.edits.job_map.datasource.source, self._change_kind)

    def _change_kind(self, value: JsonValue | Absent) -> None:
        now = self.edits.job_map.datasource
        self._kept[now.source] = now.options
        source = str(value)
        self.edits.set_datasource(Datasource(source, self._kept.get(source, STARTS.get(source, {}))), "source")

    def _add(self, field: Field) -> None:
        def write(value: JsonValue | Absent) -> None:
            now = self.edits.job_map.datasource
            options = {key: each for key, each in now.options.items() if key != field.key}
            if not isinstance(value, Absent) and (field.required or value != ""):
                options = {key: now.options.get(key) for key in now.options} | {field.key: value}
            self.edits.set_datasource(Datasource(now.source, options), field.key)

        caption = Caption(f"datasource.{field.key}", field.title, field.help, required=field.required)
        self._form.add(caption, self._editor(field), Binding((field.key,), lambda: self._read(field.key), write))

    def _read(self, key: str) -> JsonValue | Absent:
        return self.edits.job_map.datasource.options.get(key, ABSENT)

    def _editor(self, field: Field) -> Editor:
        if field.kind == "json" or not isinstance(self._read(field.key), (str, Absent)):
            return JsonEditor(self.look, lines=8)
        if field.kind == "text":
            return LineEditor()
        return PathEditor(self.look, self._folder, wants_folder=field.kind == "folder")

    def _add_all(self) -> None:
        def write(value: JsonValue | Absent) -> None:
            if isinstance(value, dict):
                self.edits.set_datasource(Datasource(self._source, value), "keys")

        def read() -> JsonValue | Absent:
            return dict(self.edits.job_map.datasource.options)

        self._form.add(Caption("datasource.keys", "Its keys"), JsonEditor(self.look, lines=6), Binding((), read, write))

    def _folder(self) -> Path | None:
        path = self.edits.document.path or self.edits.job_map.origin.path
        return path.parent if path is not None else None

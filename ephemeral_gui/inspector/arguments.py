"""The form of a function task: types where there is a choice, and each argument, made from the definition alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from engine.model.data_types import outer_type
from ephemeral_gui.inspector.choice_editors import ChoiceEditor
from ephemeral_gui.inspector.form import Binding, Form
from ephemeral_gui.inspector.json_text import ABSENT, SECRET, Absent, secret_name
from ephemeral_gui.inspector.making import help_text, kind_of, make_editor, title_of
from ephemeral_gui.inspector.row import Caption, nearest_name
from ephemeral_gui.inspector.text_editors import JsonEditor

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from engine.model.definition import Argument, Definition
    from engine.model.job_map import Task, TaskKey
    from engine.model.json_value import JsonValue
    from ephemeral_gui.inspector.edits import Edits
    from ephemeral_gui.widgets.theme import Look


class ArgumentsForm(Form):
    """Rows named ``argument.<name>``, and ``consumes`` and ``produces``."""

    def __init__(self, key: TaskKey, definition: Definition | None, edits: Edits, look: Look) -> None:
        super().__init__(edits, look)
        self._key = key
        self._definition = definition
        task = edits.task(key)
        if task is None:
            return
        if definition is not None:
            self._add_types(task, definition)
            for argument in definition.init_args:
                self._add_argument(task, argument)
        for name in self._unknown(task):
            self._add_unknown(name)
        if not self.rows:
            self.hide()

    def signature(self) -> tuple[object, ...]:
        """Return what the rows depend on: where it differs from before, another form is due."""
        task = self._edits.task(self._key)
        if task is None:
            return ()
        arguments = self._definition.init_args if self._definition else ()
        kinds = tuple(kind_of(argument, task.init_args.get(argument.name, ABSENT)) for argument in arguments)
        types = (task.consumes, task.produces) if self._definition is not None else ()
        shown = tuple(each not in offered for each, offered in zip(types, self._offered(), strict=False))
        return (kinds, shown, tuple(self._unknown(task)))

    def _offered(self) -> tuple[Sequence[str], ...]:
        return (self._definition.consumes, self._definition.produces) if self._definition is not None else ()

    def _unknown(self, task: Task) -> list[str]:
        known = self._definition.arguments if self._definition is not None else {}
        return [name for name in task.init_args if name not in known]

    def _add_types(self, task: Task, definition: Definition) -> None:
        for field, title, offered in (("consumes", "Takes", definition.consumes), ("produces", "Gives", definition.produces)):
            if len(offered) > 1 or (offered and getattr(task, field) not in offered):
                self._add_type(field, title, offered)

    def _add_type(self, field: str, title: str, offered: Sequence[str]) -> None:
        def read() -> JsonValue | Absent:
            task = self._edits.task(self._key)
            return cast("str", getattr(task, field)) or ABSENT if task is not None else ABSENT

        def write(value: JsonValue | Absent) -> None:
            self._edits.set_field(self._key, field, value)

        def nearest() -> str | None:
            return nearest_name(str(read()), offered)

        self.add(Caption(field, title), ChoiceEditor(list(offered)), Binding((field,), read, write, suggest=nearest))

    def _add_argument(self, task: Task, argument: Argument) -> None:
        name = argument.name
        value = task.init_args.get(name, ABSENT)
        kind = kind_of(argument, value)
        tip = f"{name} ({argument.type})"
        help_words = "A secret: looked up by this name when the job runs." if kind == "secret" else help_text(argument)
        caption = Caption(
            f"argument.{name}",
            title_of(name),
            help_words,
            required=argument.required,
            tip=tip,
            reset=_reset_words(argument),
            swap=_swap_words(argument, kind),
        )

        def nearest() -> str | None:
            current = self._read(name)
            return nearest_name(current, [str(each) for each in argument.enum]) if isinstance(current, str) else None

        def mend(text: str) -> None:
            self._edits.set_argument(self._key, name, next((each for each in argument.enum if str(each) == text), text))

        editor = make_editor(kind, argument, self._look, self._folder)
        self.add(caption, editor, self._binding(name, can_reset=not argument.required or kind == "secret", mend=mend, suggest=nearest))

    def _add_unknown(self, name: str) -> None:
        known = self._definition is not None
        words = "The method has no argument of this name." if known else "Kept as it is."
        caption = Caption(f"argument.{name}", name, words, tip=name, reset="Remove this argument")

        def mend(text: str) -> None:
            self._edits.rename_argument(self._key, name, text)

        self.add(caption, JsonEditor(self._look, lines=1), self._binding(name, can_reset=True, mend=mend))

    def _swap(self, name: str) -> None:
        """Keep a value out of the map as a secret of the argument's name, or take the secret's place with an empty text."""
        is_secret = secret_name(self._read(name)) is not None
        self._edits.leave_field()
        self._edits.set_argument(self._key, name, "" if is_secret else {SECRET: name.upper()})
        self._edits.leave_field()

    def _binding(self, name: str, *, can_reset: bool, mend: object, suggest: object = lambda: None) -> Binding:
        return Binding(
            ("init_args", name),
            read=lambda: self._read(name),
            write=lambda value: self._edits.set_argument(self._key, name, value),
            can_reset=can_reset,
            mend=mend,  # type: ignore[arg-type]  # the callers' own functions
            suggest=suggest,  # type: ignore[arg-type]
            swap=lambda: self._swap(name),
        )

    def _read(self, name: str) -> JsonValue | Absent:
        task = self._edits.task(self._key)
        return task.init_args.get(name, ABSENT) if task is not None else ABSENT

    def _folder(self) -> Path | None:
        path = self._edits.document.path or self._edits.job_map.origin.path
        return path.parent if path is not None else None


def _swap_words(argument: Argument, kind: str) -> str:
    if kind == "secret":
        return "Write the value here"
    is_text = outer_type(argument.type) == "string" and not argument.enum and argument.format is None
    return "Keep it out of the map, as a secret" if is_text else ""


def _reset_words(argument: Argument) -> str:
    return "Back to the default" if argument.has_default else "Leave this out"

"""From an argument of a definition to the editor for its values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.model.data_types import outer_type
from ephemeral_gui.inspector.choice_editors import ChoiceEditor, FlagEditor
from ephemeral_gui.inspector.json_text import ABSENT, Absent, json_text, secret_name
from ephemeral_gui.inspector.line_editors import LineEditor, NumberEditor
from ephemeral_gui.inspector.path_editor import PathEditor, SecretEditor
from ephemeral_gui.inspector.text_editors import JsonEditor, TextEditor

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from engine.model.definition import Argument
    from engine.model.json_value import JsonValue
    from ephemeral_gui.inspector.editor import Editor
    from ephemeral_gui.widgets.theme import Look


LONGEST_LINE = 1_000
"""Characters; a longer text is edited in a field of several lines."""


def kind_of(argument: Argument, value: JsonValue | Absent) -> str:
    """Return the kind of editor that fits; a value that the usual editor cannot show is edited as JSON."""
    if secret_name(value) is not None:
        return "secret"
    if argument.enum:
        return "choice"
    kind = {"string": "text", "integer": "whole", "float": "number", "number": "number", "boolean": "flag"}.get(
        outer_type(argument.type), "json"
    )
    if kind == "text" and argument.format in ("multiline", "path", "output-path"):
        kind = argument.format
    if kind == "text" and isinstance(value, str) and ("\n" in value or len(value) > LONGEST_LINE):
        kind = "multiline"
    return kind if _can_show(kind, value) else "json"


def _can_show(kind: str, value: JsonValue | Absent) -> bool:
    match kind:
        case "flag":
            return value is ABSENT or isinstance(value, bool)
        case "whole" | "number":
            return value is ABSENT or (isinstance(value, (int, float)) and not isinstance(value, bool))
        case "json":
            return True
        case _:
            return value is ABSENT or isinstance(value, str)


def make_editor(kind: str, argument: Argument, look: Look, folder: Callable[[], Path | None]) -> Editor:
    """Return the editor of that kind."""
    hint = default_text(argument)
    default = argument.default if argument.has_default else ABSENT
    makers: dict[str, Callable[[], Editor]] = {
        "secret": SecretEditor,
        "choice": lambda: ChoiceEditor(argument.enum, hint),
        "flag": lambda: FlagEditor(title_of(argument.name), default),
        "whole": lambda: NumberEditor(hint, whole=True, minimum=argument.minimum, maximum=argument.maximum),
        "number": lambda: NumberEditor(hint, whole=False, minimum=argument.minimum, maximum=argument.maximum),
        "multiline": lambda: TextEditor(hint),
        "path": lambda: PathEditor(look, folder, hint=hint),
        "output-path": lambda: PathEditor(look, folder, hint=hint, reads=False),
        "text": lambda: LineEditor(hint),
        "json": lambda: JsonEditor(look, hint),
    }
    return makers[kind]()


def title_of(name: str) -> str:
    """Return an argument's name in words: ``colour_map`` is ``Colour map``."""
    return name.replace("_", " ").strip().capitalize() or name


def default_text(argument: Argument) -> str:
    """Return what stands in an empty field: the default, where there is one."""
    if not argument.has_default or argument.default is None:
        return ""
    return argument.default if isinstance(argument.default, str) else json_text(argument.default, indent=None)


def help_text(argument: Argument) -> str:
    """Return what stands beneath a field: the description, and the range where the definition gives one."""
    low, high = argument.minimum, argument.maximum
    if low is not None and high is not None:
        rest = f"{low:g} to {high:g}."
    elif low is not None:
        rest = f"At least {low:g}."
    else:
        rest = f"At most {high:g}." if high is not None else ""
    return " ".join(part for part in (argument.description, rest) if part)

"""The outputs of a run as JSON: everything that Python values are and JSON is not gets one stable form.

Numbers of numpy are numbers. NaN and infinities are ``{"$float": "nan"}``, ``"inf"``, ``"-inf"``. Paths are texts. Arrays, datasets and
tables are written to a file in the output folder, and stand as ``{"$file": "<path>", "$type": "numpy.ndarray"}``. Anything else is
``{"$type": "datetime.date", "$text": "2026-11-23"}``, and a warning says so.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from engine.execution.output_folder import safe_name
from engine.execution.result_files import file_form
from engine.execution.secrets import NO_SECRETS, Secrets
from engine.files.nesting import DEEPEST_NESTING
from engine.files.numbers import is_writable_integer
from engine.lazy_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from engine.execution.output_folder import OutputFolder
    from engine.execution.result import Output
    from engine.execution.result_files import FileForm

LONGEST_TEXT = 10_000
"""Characters of the text of a value that JSON has no form for."""

FOLDER = "results"
"""Where files of values are written, in the output folder."""

_PLAIN: dict[str, Callable[[Any], Any]] = {"b": bool, "i": int, "u": int, "f": float}
"""What becomes of numpy's kinds of numbers."""


@dataclass(frozen=True, slots=True)
class JsonResults:
    """Outputs that JSON can hold, and sentences about what it could not."""

    outputs: list[dict[str, Any]]
    warnings: tuple[str, ...]

    def dump(self) -> bytes:
        """Return the outputs as the bytes of a JSON file."""
        text = json.dumps(self.outputs, indent=2, ensure_ascii=False, allow_nan=False)
        return f"{text}\n".encode(errors="replace")  # half a surrogate pair has no bytes


def results_to_json(outputs: Sequence[Output], output_folder: OutputFolder | None, secrets: Secrets = NO_SECRETS) -> JsonResults:
    """Return the outputs of a run as JSON values, with files written for what has a file form.

    Args:
        outputs: of a run's result.
        output_folder: where files go; None for a mere look, with type and text in their place and nothing written.
        secrets: of the job, made unreadable in every text.

    Raises:
        OutputError: a file is to be written and the folder cannot be made.
    """
    conversion = _Conversion(output_folder, secrets)
    converted = [conversion.output(output) for output in outputs]
    return JsonResults(converted, tuple(conversion.warnings.values()))


class _Conversion:
    """One conversion: what was written already, and what there is to warn of."""

    def __init__(self, output_folder: OutputFolder | None, secrets: Secrets) -> None:
        self.warnings: dict[tuple[str, str], str] = {}
        self._folder = output_folder
        self._redact = secrets.redact
        self._files: dict[int, dict[str, Any]] = {}
        self._names: set[str] = set()
        self._output = ""

    def output(self, output: Output) -> dict[str, Any]:
        self._output = output["name"]
        data = [self._value(payload, (index,), ()) for index, payload in enumerate(output["data"])]
        return {"id": output["id"], "name": output["name"], "type": output["type"], "data": data}

    def _value(self, value: Any, at: tuple[Any, ...], around: tuple[int, ...]) -> Any:
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return self._redact(str(value))
        if isinstance(value, int) and is_writable_integer(int(value)):
            return int(value)
        if isinstance(value, float):
            return _number(float(value))
        if isinstance(value, PurePath):
            return self._redact(str(value))
        return self._compound(value, at, around)

    def _compound(self, value: Any, at: tuple[Any, ...], around: tuple[int, ...]) -> Any:
        form = file_form(value)
        if form is not None:
            return self._file(value, form, at)
        if _is_numpy_scalar(value) and value.dtype.kind in _PLAIN:
            return _number(_PLAIN[value.dtype.kind](value))
        if not isinstance(value, Mapping | list | tuple) or id(value) in around or len(around) >= DEEPEST_NESTING:
            return self._text(value, at)
        around = (*around, id(value))
        if isinstance(value, Mapping):
            return {self._key(key, at): self._value(item, (*at, key), around) for key, item in value.items()}
        return [self._value(item, (*at, index), around) for index, item in enumerate(value)]

    def _key(self, key: Any, at: tuple[Any, ...]) -> str:
        if not isinstance(key, str):
            self._warn(f"key {type_name(key)}", at, f"a key of type {type_name(key)} was written as text")
        return self._redact(text_of(key))

    def _text(self, value: Any, at: tuple[Any, ...], why: str = "") -> dict[str, str]:
        name = type_name(value)
        self._warn(name, at, f"{name} has no form in JSON and was written as text{why}")
        return {"$type": name, "$text": self._redact(text_of(value))}

    def _file(self, value: Any, form: FileForm, at: tuple[Any, ...]) -> Any:
        if form.type_name == "numpy.ndarray" and value.ndim == 0 and value.dtype.kind in _PLAIN:
            return _number(_PLAIN[value.dtype.kind](value))
        if self._folder is None:
            return {"$type": form.type_name, "$text": self._redact(text_of(value))}
        if id(value) not in self._files:
            path = self._folder.file_path(self._new_name(form, at))
            try:
                form.write(value, path)
            except Exception as error:  # noqa: BLE001  libraries fail each in its own way, and the rest of the results is worth having
                path.unlink(missing_ok=True)
                return self._text(value, at, f", for no file could be made of it: {text_of(error)}")
            self._files[id(value)] = {"$file": path.as_posix(), "$type": form.type_name}
        return dict(self._files[id(value)])

    def _new_name(self, form: FileForm, at: tuple[Any, ...]) -> str:
        wanted = safe_name("-".join(map(text_of, (self._output, *at))), "value")
        name, number = wanted, 2
        while name in self._names:
            name, number = f"{wanted}-{number}", number + 1
        self._names.add(name)
        return f"{FOLDER}/{name}{form.suffix}"

    def _warn(self, what: str, at: tuple[Any, ...], sentence: str) -> None:
        """Keep one warning for each output and kind: a million rows would say the same."""
        place = "".join(f"/{text_of(step)}" for step in at)
        self.warnings.setdefault((self._output, what), self._redact(f'output "{self._output}" at {place}: {sentence}'))


def _number(value: float) -> Any:
    if math.isfinite(value):
        return value
    return {"$float": "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"}


def _is_numpy_scalar(value: object) -> bool:
    generic = getattr(sys.modules.get("numpy"), "generic", None)
    return isinstance(generic, type) and isinstance(value, generic)


def type_name(value: object) -> str:
    """Return the name of a value's type for a person: ``datetime.date``, ``set``."""
    kind = type(value)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def text_of(value: object) -> str:
    """Return the text of any value, cut at a limit; also of one whose ``__str__`` fails."""
    try:
        text = str(value)
    except Exception:  # noqa: BLE001  a value of task code may do anything
        return f"<{type_name(value)} that has no text>"
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}… ({len(text)} characters)"

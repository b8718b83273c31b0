"""The published JSON Schema of a definition, applied by ``jsonschema``; imported only where it is needed, and without the network."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from engine.catalog.installation import SCHEMAS
from engine.problems import MOST_PROBLEMS_SHOWN, Problem, pointer_to

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator

    from engine.model.json_value import JsonValue

DEFINITION_SCHEMA = SCHEMAS / "definition.schema.json"
LONGEST_MESSAGE = 300


def schema_problems(data: JsonValue) -> list[Problem]:
    """Return what the published schema finds wrong with the data of a definition file, by place."""
    errors = sorted(_validator().iter_errors(data), key=lambda error: [str(step) for step in error.absolute_path])
    return [_problem(error) for error in errors[:MOST_PROBLEMS_SHOWN]]


@cache
def _validator() -> Validator:
    # The import costs 0.14 s, and all definitions that come with Ephemeral do without it.
    from jsonschema import Draft202012Validator  # noqa: PLC0415  # see above
    from referencing import Registry  # noqa: PLC0415  # see above

    schema = json.loads(DEFINITION_SCHEMA.read_text(encoding="utf-8"))
    nothing_to_fetch: Registry[Any] = Registry()
    return Draft202012Validator(schema, registry=nothing_to_fetch)


def _problem(error: ValidationError) -> Problem:
    message = error.message if error.validator != "pattern" else f"{json.dumps(error.instance)} does not match what may stand here"
    message = message if len(message) <= LONGEST_MESSAGE else f"{message[:LONGEST_MESSAGE]}..."
    hint = error.schema.get("description") if isinstance(error.schema, dict) else None
    return Problem("definition-shape", message, pointer_to(*error.absolute_path), hint=hint)

"""``ephemeral tasks``: the methods that a job map may name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from engine.cli.console import printable, tell
from engine.cli.exit_codes import ExitCode
from engine.cli.failures import say_problems
from engine.cli.job_source import read_catalog

if TYPE_CHECKING:
    from argparse import Namespace

    from engine.catalog import Catalog
    from engine.model.definition import Argument, Definition


def execute(arguments: Namespace) -> int:
    """Write the methods of all namespaces to standard output."""
    catalog = read_catalog(arguments)
    say_problems(catalog.problems, None)
    if arguments.json:
        data = [definition_data(definition) for _, definition in sorted(catalog.definitions.items())]
        tell(json.dumps(data, indent=2, ensure_ascii=False))
    else:
        _show(catalog)
    return ExitCode.DONE


def definition_data(definition: Definition) -> dict[str, Any]:
    """Return a definition as an object of ``--json``."""
    return {
        "namespace": definition.namespace,
        "method": definition.name,
        "title": definition.display_title,
        "description": definition.description,
        "consumes": list(definition.consumes),
        "produces": list(definition.produces),
        "init_args": [_argument_data(argument) for argument in definition.init_args],
        "runs": definition.runs.value,
        "fans_out": definition.fans_out,
    }


def _argument_data(argument: Argument) -> dict[str, Any]:
    data: dict[str, Any] = {
        "name": argument.name,
        "type": argument.type,
        "required": argument.required,
        "description": argument.description,
    }
    if argument.has_default:
        data["default"] = argument.default
    if argument.enum:
        data["enum"] = list(argument.enum)
    return data


def _show(catalog: Catalog) -> None:
    for namespace in catalog.namespaces():
        methods = [catalog.definition(namespace, method) for method in catalog.methods(namespace)]
        if not methods:
            continue
        tell(printable(namespace))
        for definition in methods:
            if definition is not None:
                tell(f"  {_signature(definition)}")
                tell(f"      {' or '.join(definition.consumes)} > {' or '.join(definition.produces)}: {printable(definition.description)}")


def _signature(definition: Definition) -> str:
    arguments = (argument.name if argument.required else f"[{argument.name}]" for argument in definition.init_args)
    return printable(f"{definition.name}({', '.join(arguments)})")

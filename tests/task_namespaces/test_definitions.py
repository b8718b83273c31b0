"""What holds for every built-in definition beside its code."""

from __future__ import annotations

import importlib
import subprocess
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

NAMED_IN_EXISTING_MAPS = {
    "main:example": (["string", "list"], ["string"], ["example_property"]),
    "main.parsing.strings:split_string": (["string"], ["list(string)"], []),
    "main.parsing.strings:filter_string_length": (["list(string)"], ["list(string)"], ["word_length", "comparison"]),
    "main.parsing.split:split_list": (["list", "split-map"], ["split-map"], ["list_key", "key_name"]),
    "main.strings.operations:capitalize_words": (["list(string)"], ["list(string)"], []),
    "main.strings.operations:char_count": (["list(string)"], ["list(integer)"], []),
    "main.strings.operations:combine_words": (["split-map"], ["combined-string"], ["dict_keys", "final_key"]),
    "main.dask:dask_connect": (["map"], ["map"], []),
    "main.dask:get_result": (["future"], ["float"], []),
    "main.xarray:load_dataframe": (["map"], ["map"], ["chunk_size", "chunk_parameter"]),
    "main.xarray:load_dataset": (["map"], ["map"], ["variable"]),
    "main.xarray.statistics:get_statistic": (["map"], ["future"], ["statistic"]),
}


def test_that_what_existing_job_maps_rely_on_is_kept(definitions: Mapping[str, Any]) -> None:
    for name, (consumes, produces, arguments) in NAMED_IN_EXISTING_MAPS.items():
        definition = definitions[name]
        found = [argument["name"] for argument in definition["init_args"]]
        assert (definition["consumes"], definition["produces"], found) == (consumes, produces, arguments), name


def test_that_every_closure_has_a_definition_and_every_definition_a_closure(definitions: Mapping[str, Any]) -> None:
    namespaces = {name.partition(":")[0] for name in definitions}
    closures = {
        f"{namespace}:{method}"
        for namespace in namespaces
        for method in importlib.import_module(f"task_namespaces.{namespace}.tasks").make_task_dict()
    }
    assert closures == set(definitions)


def test_that_every_definition_speaks_to_a_person(definitions: Mapping[str, Any]) -> None:
    for name, definition in definitions.items():
        assert definition["title"], name
        assert definition["description"].endswith("."), name
        for argument in definition["init_args"]:
            assert argument["description"].endswith((".", "!")), (name, argument["name"])


def test_that_every_method_has_an_example_with_its_arguments(definitions: Mapping[str, Any]) -> None:
    for name, definition in definitions.items():
        arguments = {argument["name"]: argument for argument in definition["init_args"]}
        given = definition["example"].get("init_args", {})
        required = {argument for argument, field in arguments.items() if field["required"]}
        assert required <= given.keys() <= arguments.keys(), name
        for argument, value in given.items():
            assert value in arguments[argument].get("enum", [value]), (name, argument)


async def test_that_the_examples_of_pure_methods_are_true(
    definitions: Mapping[str, Any], run_method: Callable[..., Awaitable[Any]]
) -> None:
    pure = {name: definition["example"] for name, definition in definitions.items() if definition.get("pure")}
    assert len(pure) >= 9
    for name, example in pure.items():
        namespace, _, method = name.partition(":")
        assert await run_method(namespace, method, example["payload"], **example.get("init_args", {})) == example["result"], name


def test_that_loading_closures_imports_no_heavy_library(definitions: Mapping[str, Any]) -> None:
    namespaces = sorted({name.partition(":")[0] for name in definitions})
    code = (
        "import importlib, sys\n"
        f"for each in {namespaces}: importlib.import_module(f'task_namespaces.{{each}}.tasks')\n"
        "print(sorted({'xarray', 'numpy', 'pandas', 'dask', 'distributed', 'matplotlib', 'jinja2', 'netCDF4'} & set(sys.modules)))"
    )
    printed = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout  # noqa: S603  this interpreter
    assert printed.strip() == "[]"

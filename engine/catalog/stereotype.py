"""The one shape of ``task_factory.py`` and ``tasks.py``: its templates, and the dictionary that each file differs by."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

TEMPLATES = Path(__file__).parent / "templates"
FACTORY_FILE = "task_factory.py"
TASKS_FILE = "tasks.py"
PACKAGE_FILE = "__init__.py"
DICTIONARY_FUNCTION = "make_task_dict"


class ShapeError(ValueError):
    """A file does not have the shape; ``line`` says where."""

    def __init__(self, message: str, line: int) -> None:
        self.line = line
        super().__init__(message)


@cache
def template(file_name: str) -> str:
    """Return the text of a template: ``task_factory.py``, ``tasks.py`` or ``closure.py``."""
    return (TEMPLATES / f"{file_name}.txt").read_text(encoding="utf-8")


def factory_entry(child: str) -> str:
    """Return the line of a factory's dictionary for a namespace below."""
    return f'"{child}": lazy_get_task(".{child}.task_factory", __package__)'


def tasks_entry(method: str) -> str:
    """Return the line of a tasks dictionary for a method."""
    return f'"{method}": {method}'


def task_dictionary(module: ast.Module) -> ast.Dict:
    """Return the dictionary that ``make_task_dict`` returns.

    Raises:
        ShapeError: there is no such function, or it does something else than return a dictionary with texts as keys.
    """
    function = _functions(module).get(DICTIONARY_FUNCTION)
    if function is None:
        raise ShapeError(f"there is no function {DICTIONARY_FUNCTION}", 1)
    last = function.body[-1]
    if not isinstance(last, ast.Return) or not isinstance(last.value, ast.Dict) or len(function.body) > 2:
        raise ShapeError(f"{DICTIONARY_FUNCTION} does more than return a dictionary", function.lineno)
    for key, value in zip(last.value.keys, last.value.values, strict=True):
        if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
            raise ShapeError(f"a key of the dictionary in {DICTIONARY_FUNCTION} is not a text", value.lineno)
    return last.value


def entries(dictionary: ast.Dict) -> dict[str, ast.expr]:
    """Return what the dictionary of ``make_task_dict`` holds."""
    pairs = zip(dictionary.keys, dictionary.values, strict=True)
    return {key.value: value for key, value in pairs if isinstance(key, ast.Constant) and isinstance(key.value, str)}


def fixed_functions(module: ast.Module, file_name: str) -> list[tuple[str, int]]:
    """Return the names and lines of the functions of the template that the module lacks or has otherwise; line 1 where it lacks them."""
    own = _functions(module)
    wanted = _functions(ast.parse(template(file_name)))
    return [
        (name, own[name].lineno if name in own else 1)
        for name, function in wanted.items()
        if name not in own or _without_entries(own[name]) != _without_entries(function)
    ]


def other_statements(module: ast.Module) -> list[ast.stmt]:
    """Return the statements of a module that are no docstring, import or function."""
    body = module.body[1:] if ast.get_docstring(module) is not None else module.body
    return [each for each in body if not _is_import(each) and not isinstance(each, ast.FunctionDef)]


def _is_import(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.If):
        is_typing = isinstance(statement.test, ast.Name) and statement.test.id == "TYPE_CHECKING"
        return is_typing and not statement.orelse and all(_is_import(each) for each in statement.body)
    return isinstance(statement, (ast.Import, ast.ImportFrom))


def closures(module: ast.Module) -> dict[str, ast.FunctionDef]:
    """Return the functions of a ``tasks.py`` that are not of its fixed part."""
    fixed = _functions(ast.parse(template(TASKS_FILE)))
    return {name: function for name, function in _functions(module).items() if name not in fixed}


def is_closure(function: ast.FunctionDef) -> bool:
    """Return whether a function takes ``init_args`` alone and returns, as its last act, an ``async def`` of one payload."""
    last = function.body[-1]
    bodies = {each.name: each for each in function.body if isinstance(each, ast.AsyncFunctionDef)}
    if not isinstance(last, ast.Return) or not isinstance(last.value, ast.Name) or last.value.id not in bodies:
        return False
    return _parameters(function) == ["init_args"] and len(_parameters(bodies[last.value.id])) == 1


def _parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    arguments = function.args
    extra = [each for each in (arguments.vararg, arguments.kwarg) if each is not None]
    return [each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *extra)]


def _functions(module: ast.Module) -> dict[str, ast.FunctionDef]:
    return {each.name: each for each in module.body if isinstance(each, ast.FunctionDef)}


def _without_entries(function: ast.FunctionDef) -> str:
    text = ast.dump(function)
    if function.name != DICTIONARY_FUNCTION:
        return text
    last = function.body[-1]
    value = last.value if isinstance(last, ast.Return) else None
    return text.replace(ast.dump(value), "Dict()") if isinstance(value, ast.Dict) else text

"""Where methods come from: the built-in namespaces, a workspace, an installed package.

Each source has one layout: a folder of definitions, and beside it a package of namespaces whose root has a ``task_factory.py``.
"""

from __future__ import annotations

from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from engine.catalog.definition_files import FoundDefinitions, definition_files, read_definition_file, read_definitions
from engine.catalog.installation import DEFINITIONS, TASK_NAMESPACES
from engine.catalog.task_code import load_body
from engine.errors import NotTrustedError
from engine.lazy_dataclasses import dataclass
from engine.overriding import override

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path
    from types import ModuleType

    from engine.model.definition import Definition, MethodName
    from engine.problems import Problem
    from engine.tasks import TaskBody

DEFINITIONS_FOLDER = "definitions"
CODE_FOLDER = "task_namespaces"


class Source(Protocol):
    """Some namespaces, their definitions and their task code."""

    @property
    def title(self) -> str:
        """The source in a few words, to stand within a sentence."""

    @property
    def definitions_folder(self) -> Path:
        """The folder that the definitions are read from."""

    @property
    def definitions(self) -> Mapping[MethodName, Definition]:
        """The definitions that can be used."""

    @property
    def problems(self) -> Sequence[Problem]:
        """What is wrong with the others."""

    @property
    def top_namespaces(self) -> Collection[str]:
        """The top-level namespaces that the definitions are in."""

    def definition(self, namespace: str, method: str) -> Definition | None:
        """Return one of the definitions, None where there is no such one."""

    def load_body(self, namespace: str, method: str, init_args: Mapping[str, Any]) -> TaskBody:
        """Import the code of a method among the definitions and return its body, as ``Catalog.load_body`` does."""


class _ReadDefinitions:
    """What follows from the definitions once all of them are read."""

    @cached_property
    def _found(self) -> FoundDefinitions:
        raise NotImplementedError

    @property
    def definitions(self) -> Mapping[MethodName, Definition]:
        """The definitions that can be used."""
        return self._found.definitions

    @property
    def problems(self) -> Sequence[Problem]:
        """What is wrong with the others."""
        return self._found.problems

    @property
    def top_namespaces(self) -> Collection[str]:
        """The top-level namespaces that the definitions are in."""
        return dict.fromkeys(namespace.partition(".")[0] for namespace, _ in self.definitions)

    def definition(self, namespace: str, method: str) -> Definition | None:
        """Return one of the definitions, None where there is no such one."""
        return self.definitions.get((namespace, method))


@dataclass(frozen=True)
class PackageSource(_ReadDefinitions):
    """A package that can be imported: the built-in one, or an installed one.

    Attributes:
        package: name of the root package of namespaces, from our own code or an entry point.
        only: the one top-level namespace that it may define, None for any.
    """

    title: str
    package: str
    definitions_folder: Path
    code_folder: Path
    with_schema: bool = True
    only: str | None = None

    def load_body(self, namespace: str, method: str, init_args: Mapping[str, Any]) -> TaskBody:
        """Import the code of a method and return its body."""
        return load_body(self._factory, self.code_folder, namespace, method, init_args)

    @cached_property
    @override
    def _found(self) -> FoundDefinitions:
        found = read_definitions(self.definitions_folder, with_schema=self.with_schema)
        return found if self.only is None else found.only(self.only)

    def _factory(self) -> ModuleType:
        return import_module(f"{self.package}.task_factory")


class BuiltinSource(PackageSource):
    """The package that comes with Ephemeral: a test proves each of its definitions sound, so that one is read when it is asked for."""

    @property
    @override
    def top_namespaces(self) -> Collection[str]:
        return dict.fromkeys(namespace.partition(".")[0] for namespace, _ in self._files)

    @override
    def definition(self, namespace: str, method: str) -> Definition | None:
        name = (namespace, method)
        if name not in self._read and name in self._files:
            self._read[name], _ = read_definition_file(self._files[name], self.definitions_folder, with_schema=False)
        return self._read.get(name)

    @cached_property
    def _files(self) -> Mapping[MethodName, Path]:
        """The files by what they must define: a text of a job map is looked up here, and never made a path."""
        return definition_files(self.definitions_folder)

    @cached_property
    def _read(self) -> dict[MethodName, Definition | None]:
        return {}


@dataclass(frozen=True)
class WorkspaceSource(_ReadDefinitions):
    """A user's folder, laid out as ``engine.catalog.scaffolding`` says.

    Attributes:
        folder: the workspace, absolute.
        trust: the user trusts it this time, whatever is remembered.
    """

    folder: Path
    trust: bool = False

    @property
    def title(self) -> str:
        """The workspace by its folder."""
        return f"the workspace {self.folder}"

    @property
    def definitions_folder(self) -> Path:
        """The folder that the definitions are read from."""
        return self.folder / DEFINITIONS_FOLDER

    @property
    def code_folder(self) -> Path:
        """The root package of its namespaces."""
        return self.folder / CODE_FOLDER

    def load_body(self, namespace: str, method: str, init_args: Mapping[str, Any]) -> TaskBody:
        """Import the code of a method and return its body.

        Raises:
            NotTrustedError: the user trusts the workspace neither this time nor for good.
        """
        if not self._trusted:
            raise NotTrustedError(self.folder)
        return load_body(self._factory, self.code_folder, namespace, method, init_args)

    @cached_property
    @override
    def _found(self) -> FoundDefinitions:
        return read_definitions(self.definitions_folder, with_schema=True)

    @property
    def place(self) -> tuple[str, str]:
        """The folder, and the name that its code is imported by."""
        return str(self.folder), self._package

    @cached_property
    def _package(self) -> str:
        from engine.catalog.workspace_package import workspace_package  # noqa: PLC0415  only a workspace needs it

        return workspace_package(self.code_folder)

    @property
    def _trusted(self) -> bool:
        from engine.catalog.trust import is_trusted  # noqa: PLC0415  only a workspace needs it

        return self.trust or is_trusted(self.folder)

    def _factory(self) -> ModuleType:
        return import_module(f"{self._package}.task_factory")


def builtin_source() -> BuiltinSource:
    """Return the namespaces that come with Ephemeral; that their definitions satisfy the schema is proven by a test."""
    return BuiltinSource("Ephemeral itself", "task_namespaces", DEFINITIONS, TASK_NAMESPACES, with_schema=False)

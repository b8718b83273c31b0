"""Where methods come from: the built-in namespaces, a workspace, an installed package.

Each source has one layout: a folder of definitions, and beside it a package of namespaces whose root has a ``task_factory.py``.
"""

from __future__ import annotations

from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from engine.catalog.definition_files import FoundDefinitions, read_definitions
from engine.catalog.installation import DEFINITIONS, TASK_NAMESPACES
from engine.catalog.task_code import load_body
from engine.catalog.trust import is_trusted
from engine.catalog.workspace_package import workspace_package
from engine.errors import NotTrustedError
from engine.lazy_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
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

    def load_body(self, namespace: str, method: str, init_args: Mapping[str, Any]) -> TaskBody:
        """Import the code of a method among the definitions and return its body, as ``Catalog.load_body`` does."""


@dataclass(frozen=True)
class PackageSource:
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

    @property
    def definitions(self) -> Mapping[MethodName, Definition]:
        """The definitions that can be used."""
        return self._found.definitions

    @property
    def problems(self) -> Sequence[Problem]:
        """What is wrong with the others."""
        return self._found.problems

    def load_body(self, namespace: str, method: str, init_args: Mapping[str, Any]) -> TaskBody:
        """Import the code of a method and return its body."""
        return load_body(self._factory, self.code_folder, namespace, method, init_args)

    @cached_property
    def _found(self) -> FoundDefinitions:
        found = read_definitions(self.definitions_folder, with_schema=self.with_schema)
        return found if self.only is None else found.only(self.only)

    def _factory(self) -> ModuleType:
        return import_module(f"{self.package}.task_factory")


@dataclass(frozen=True)
class WorkspaceSource:
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

    @property
    def definitions(self) -> Mapping[MethodName, Definition]:
        """The definitions that can be used."""
        return self._found.definitions

    @property
    def problems(self) -> Sequence[Problem]:
        """What is wrong with the others."""
        return self._found.problems

    def load_body(self, namespace: str, method: str, init_args: Mapping[str, Any]) -> TaskBody:
        """Import the code of a method and return its body.

        Raises:
            NotTrustedError: the user trusts the workspace neither this time nor for good.
        """
        if not self._trusted:
            raise NotTrustedError(self.folder)
        return load_body(self._factory, self.code_folder, namespace, method, init_args)

    @cached_property
    def _found(self) -> FoundDefinitions:
        return read_definitions(self.definitions_folder, with_schema=True)

    @property
    def place(self) -> tuple[str, str]:
        """The folder, and the name that its code is imported by."""
        return str(self.folder), self._package

    @cached_property
    def _package(self) -> str:
        return workspace_package(self.code_folder)

    @property
    def _trusted(self) -> bool:
        return self.trust or is_trusted(self.folder)

    def _factory(self) -> ModuleType:
        return import_module(f"{self._package}.task_factory")


def builtin_source() -> PackageSource:
    """Return the namespaces that come with Ephemeral; that their definitions satisfy the schema is proven by a test."""
    return PackageSource("Ephemeral itself", "task_namespaces", DEFINITIONS, TASK_NAMESPACES, with_schema=False)

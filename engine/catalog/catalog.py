"""The catalogue of all methods that a job map may name."""

from __future__ import annotations

from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any

from engine.catalog.sources import WorkspaceSource
from engine.errors import JobMapError
from engine.problems import Problem, suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from engine.catalog.sources import Source
    from engine.model.definition import Definition, MethodName
    from engine.tasks import TaskBody


class Catalog:
    """The definitions of several sources, and the task code behind each.

    A top-level namespace belongs to one source: the first that defines a method in it. A catalogue is a snapshot of its sources.

    Args:
        sources: the sources that are read as soon as anything is asked.
        further_sources: asked for once, when a namespace is wanted that none of the first owns, or when everything is listed.
    """

    def __init__(self, sources: Sequence[Source], further_sources: Callable[[], Sequence[Source]] = tuple) -> None:
        self._first_sources = sources
        self._further_sources = further_sources

    @cached_property
    def definitions(self) -> Mapping[MethodName, Definition]:
        """Every definition by namespace and method, in alphabetical order."""
        usable = {name: definition for source in self._sources for name, definition in self._own_definitions(source)}
        return dict(sorted(usable.items()))

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with definitions that could not be used, or could only be used with a warning; each names its file."""
        return tuple(chain.from_iterable((*source.problems, *self._ownership_problems(source)) for source in self._sources))

    def definition(self, namespace: str, method: str) -> Definition | None:
        """Return the definition of a method, None where there is none."""
        source = self._owner(namespace)
        return None if source is None else source.definition(namespace, method)

    def namespaces(self) -> tuple[str, ...]:
        """Return the namespaces that hold methods, in alphabetical order."""
        return tuple(dict.fromkeys(namespace for namespace, _ in self.definitions))

    def methods(self, namespace: str) -> tuple[str, ...]:
        """Return the methods of a namespace in alphabetical order; none for a namespace that is not there."""
        return tuple(method for owner, method in self.definitions if owner == namespace)

    def load_body(self, namespace: str, method: str, init_args: Mapping[str, Any]) -> TaskBody:
        """Import the task code of a method and return its body, closed over the arguments.

        Only what the catalogue itself lists is ever imported.

        Raises:
            NotTrustedError: the method is of a workspace that the user has not trusted.
            JobMapError: there is no such method, or its code cannot be loaded; the one problem has no pointer.
        """
        source = self._owner(namespace)
        if source is None or source.definition(namespace, method) is None:
            raise JobMapError([self._unknown_method(namespace, method)])
        return source.load_body(namespace, method, init_args)

    def workspace_of(self, namespace: str) -> tuple[str, str] | None:
        """Return the workspace that a namespace comes from and the name that its code is imported by; None for any other source.

        Another process finds the same code by them, and learns by the name whether it still is the same.
        """
        source = self._owner(namespace)
        return source.place if isinstance(source, WorkspaceSource) else None

    @cached_property
    def _sources(self) -> Sequence[Source]:
        return (*self._first_sources, *self._further_sources())

    @cached_property
    def _first_owners(self) -> Mapping[str, Source]:
        return _owners(self._first_sources)

    @cached_property
    def _owners(self) -> Mapping[str, Source]:
        return _owners(self._sources)

    def _owner(self, namespace: str) -> Source | None:
        top = namespace.partition(".")[0]
        return self._first_owners.get(top) or self._owners.get(top)

    def _own_definitions(self, source: Source) -> Iterator[tuple[MethodName, Definition]]:
        return ((name, each) for name, each in source.definitions.items() if self._owner(each.namespace) is source)

    def _ownership_problems(self, source: Source) -> Iterator[Problem]:
        for top in sorted(source.top_namespaces):
            owner = self._owners[top]
            if owner is not source:
                yield Problem(
                    "namespace-taken",
                    f'the namespace "{top}" belongs to {owner.title}: the definitions of {source.title} in it are not used',
                    file=str(source.definitions_folder),
                    hint="give the namespace another name",
                )

    def _unknown_method(self, namespace: str, method: str) -> Problem:
        hint = suggestion(f"{namespace}.{method}", (".".join(name) for name in self.definitions))
        return Problem("unknown-method", f'there is no method "{method}" in a namespace "{namespace}"', hint=hint)


def _owners(sources: Sequence[Source]) -> Mapping[str, Source]:
    return {top: source for source in reversed(sources) for top in source.top_namespaces}

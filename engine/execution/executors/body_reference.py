"""A task body by what it is made from: a closure is never sent, but built where it is wanted, once in each process."""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.catalog import load_catalog
from engine.catalog.sources import CODE_FOLDER
from engine.catalog.workspace_package import workspace_package
from engine.execution.describing import RemoteError
from engine.execution.executors.loop import on_loop
from engine.execution.executors.wire import packed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.catalog.catalog import Catalog
    from engine.tasks import TaskBody


@dataclass(frozen=True, slots=True)
class BodyReference:
    """A body by what it is made from.

    Attributes:
        workspace: the user's folder; None where the method does not come from one.
        package: the name that the workspace's code is imported by; it holds a digest of the code.
        token: the same for the same body everywhere.
    """

    workspace: str | None
    package: str | None
    namespace: str
    method: str
    init_args: Mapping[str, Any]
    token: str = field(default="", compare=False)

    @classmethod
    def of(cls, origin: tuple[str, str] | None, namespace: str, method: str, init_args: Mapping[str, Any]) -> BodyReference:
        """Return the reference of a method; ``origin`` is the workspace and its package, as ``Catalog.workspace_of`` gives it.

        Raises:
            CannotSendError: the arguments cannot be sent.
        """
        workspace, package = origin or (None, None)
        parts = packed((workspace, package, namespace, method, dict(init_args)), "init_args")
        return cls(workspace, package, namespace, method, dict(init_args), hashlib.sha256(parts).hexdigest())


class WorkspaceChangedError(RemoteError):
    """The code of a workspace is no longer what the run was started with."""

    def __init__(self, workspace: str) -> None:
        super().__init__("workspace-changed", f"the task code in {workspace} was changed since the run was started: run again")


_bodies: dict[str, TaskBody] = {}


def load_referenced(reference: BodyReference) -> TaskBody:
    """Return the body, built when it is first asked for in this process. The workspace is trusted because the run's process trusts it.

    Raises:
        WorkspaceChangedError: the workspace's code is not the same any more.
        JobMapError: the code cannot be loaded here.
    """
    body = _bodies.get(reference.token)
    if body is None:
        catalog = _catalog(reference.workspace, reference.package)
        body = _bodies[reference.token] = on_loop(catalog.load_body(reference.namespace, reference.method, dict(reference.init_args)))
    return body


def prepare_import(reference: BodyReference) -> None:
    """Let values of the workspace's own classes be unpickled: to be called before a payload is read."""
    _catalog(reference.workspace, reference.package)


@functools.cache
def _catalog(workspace: str | None, package: str | None) -> Catalog:
    if workspace is not None:
        found = workspace_package(Path(workspace) / CODE_FOLDER)
        if found != package:
            raise WorkspaceChangedError(workspace)
    return load_catalog(None if workspace is None else Path(workspace), trust=workspace is not None)

"""A workspace's ``task_namespaces`` folder as a package of a private name.

Nothing of a workspace is put on ``sys.path``: two workspaces never collide, and no file of one hides a module of anyone else.
The name holds a digest of folder and code, so that a changed workspace is loaded anew and a running job keeps what it started with.
"""

from __future__ import annotations

import hashlib
import sys
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PREFIX = "ephemeral_workspace_"


def workspace_package(folder: Path) -> str:
    """Return the name under which the folder's modules can be imported, made known to the import system."""
    name = PREFIX + code_digest(folder)
    know_package(name, str(folder))
    return name


def know_package(name: str, folder: str) -> None:
    """Let the modules of a folder be imported below that name."""
    if name not in sys.modules:
        spec = ModuleSpec(name, None, is_package=True)
        spec.submodule_search_locations = [folder]
        sys.modules[name] = module_from_spec(spec)


def known_packages() -> dict[str, str]:
    """Return the folders of all workspaces whose modules can be imported in this process, by the names of their packages."""
    packages = ((name, module) for name, module in tuple(sys.modules.items()) if name.startswith(PREFIX) and "." not in name)
    return {name: module.__path__[0] for name, module in packages}


def code_digest(folder: Path) -> str:
    """Return a short digest of the folder's place and of every Python file below it."""
    digest = hashlib.sha256(str(folder).encode("utf-8", "surrogateescape"))
    for path in sorted(folder.rglob("*.py")):
        content = path.read_bytes()
        digest.update(f"\n{path.relative_to(folder).as_posix()} {len(content)}\n".encode("utf-8", "surrogateescape"))
        digest.update(content)
    return digest.hexdigest()[:16]

"""Names of branches: the chain of (task, index) openings that a payload went through."""

from __future__ import annotations

from typing import TypeAlias

BranchPath: TypeAlias = tuple[tuple[str, int], ...]
"""The openings from the root; ``()`` is the trunk."""

TRUNK: BranchPath = ()


def branch_text(path: BranchPath) -> str:
    """Return the path for a person: ``split[3]/windows[0]``; ``""`` for the trunk."""
    return "/".join(f"{task}[{index}]" for task, index in path)

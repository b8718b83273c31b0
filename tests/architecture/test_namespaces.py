"""The built-in namespaces keep the structural rules."""

from __future__ import annotations

from engine.catalog.installation import DEFINITIONS, TASK_NAMESPACES
from engine.catalog.rules import check_namespaces


def test_that_the_built_in_namespaces_keep_the_structural_rules() -> None:
    assert [problem.describe() for problem in check_namespaces(TASK_NAMESPACES, DEFINITIONS)] == []

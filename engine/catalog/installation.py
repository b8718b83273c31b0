"""Where the files lie that come with Ephemeral; the same in a checkout and in an installed wheel."""

from __future__ import annotations

from pathlib import Path

RESOURCES = Path(__file__).parents[2] / "resources"
DEFINITIONS = RESOURCES / "definitions"
SCHEMAS = RESOURCES / "schemas"
JOBS = RESOURCES / "jobs"
ICONS = RESOURCES / "icons"
TASK_NAMESPACES = RESOURCES.parent / "task_namespaces"

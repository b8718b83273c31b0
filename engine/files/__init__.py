"""Strict reading and atomic writing of job map files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.lazy_names import lazy_names

if TYPE_CHECKING:
    from engine.files.job_maps import load_job_map, parse_job_map, read_job_map
    from engine.files.saving import save_job_map
    from engine.files.serializing import dump_job_map, job_map_to_data

__all__ = ["dump_job_map", "job_map_to_data", "load_job_map", "parse_job_map", "read_job_map", "save_job_map"]

_NAMES = {
    "engine.files.job_maps": ("load_job_map", "parse_job_map", "read_job_map"),
    "engine.files.saving": ("save_job_map",),
    "engine.files.serializing": ("dump_job_map", "job_map_to_data"),
}
__getattr__, __dir__ = lazy_names(__name__, _NAMES)

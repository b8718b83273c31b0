"""Strict reading and atomic writing of job map files."""

from engine.files.job_maps import load_job_map, parse_job_map, read_job_map, save_job_map
from engine.files.serializing import dump_job_map, job_map_to_data

__all__ = ["dump_job_map", "job_map_to_data", "load_job_map", "parse_job_map", "read_job_map", "save_job_map"]

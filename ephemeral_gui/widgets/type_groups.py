"""Which of the eight drawn type groups a data type name belongs to: a rule that is the same in every window and on every day."""

from __future__ import annotations

import re
import zlib

from engine.model.data_types import outer_type

ANY_GROUP = "any"

TYPE_GROUPS = ("text", "number", "map", "list", "dataset", "future", "picture", ANY_GROUP)
"""The groups in the order of the legend."""

_ALIASES = {
    **dict.fromkeys(("string", "str", "path", "html", "markdown", "report", "file"), "text"),
    **dict.fromkeys(("integer", "int", "float", "boolean", "bool", "count", "decimal"), "number"),
    **dict.fromkeys(("dict", "object", "json", "record"), "map"),
    **dict.fromkeys(("array", "set", "tuple", "strings", "items", "vector"), "list"),
    **dict.fromkeys(("dataframe", "dataarray", "table", "netcdf", "zarr", "cube"), "dataset"),
    **dict.fromkeys(("promise", "client", "task"), "future"),
    **dict.fromkeys(("image", "figure", "plot", "png", "svg", "chart"), "picture"),
    **dict.fromkeys(("", "none"), ANY_GROUP),
}
_HASHED_GROUPS = tuple(group for group in TYPE_GROUPS if group != ANY_GROUP)


def type_group(type_name: str) -> str:
    """Return the group of a type: ``list(string)`` is a list, ``split-map`` a map, ``integer`` a number.

    The outer type decides; where it is unknown, its last word that is known; else a checksum of the name picks a group other than ``any``.
    """
    outer = outer_type(type_name).strip().casefold()
    for word in (outer, *reversed(re.split(r"[^0-9a-z]+", outer))):
        group = word if word in TYPE_GROUPS else _ALIASES.get(word)
        if group is not None:
            return group
    return _HASHED_GROUPS[zlib.crc32(outer.encode("utf-8", "surrogatepass")) % len(_HASHED_GROUPS)]

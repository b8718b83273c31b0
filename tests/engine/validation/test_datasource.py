from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Found: TypeAlias = Callable[[dict[str, Any]], list[tuple[str, str]]]
    Make: TypeAlias = Callable[..., dict[str, Any]]


@pytest.mark.parametrize(
    "datasource",
    [
        {"source": "direct", "content": {}},
        {"source": "direct", "content": [{}, {"a": 1}]},
        {"source": "direct", "content": []},
        {"source": "file", "path": "data.csv"},
        {"source": "file", "path": "data", "format": "csv"},
        {"source": "files", "folder": "data"},
        {"source": "files", "folder": "data", "pattern": "*.nc"},
        {"source": "sample", "name": "ostia_monthly.nc"},
    ],
)
def test_that_a_datasource_of_a_known_form_is_accepted(found: Found, job: Make, datasource: dict[str, Any]) -> None:
    assert found(job(edges="in>out", datasource=datasource)) == []


@pytest.mark.parametrize(
    ("datasource", "code", "key"),
    [
        ({"source": "driect", "content": {}}, "unknown-datasource", "source"),
        ({"source": "direct"}, "missing-key", "content"),
        ({"source": "direct", "content": "text"}, "wrong-content", "content"),
        ({"source": "direct", "content": [{}, 5]}, "wrong-content", "content/1"),
        ({"source": "file"}, "missing-key", "path"),
        ({"source": "file", "path": 5}, "wrong-type", "path"),
        ({"source": "file", "path": ""}, "bad-path", "path"),
        ({"source": "file", "path": "a\0"}, "bad-path", "path"),
        ({"source": "file", "path": "a", "format": "xml"}, "unknown-format", "format"),
        ({"source": "files"}, "missing-key", "folder"),
        ({"source": "files", "folder": "a", "pattern": 5}, "wrong-type", "pattern"),
        ({"source": "sample"}, "missing-key", "name"),
        ({"source": "sample", "name": "a", "path": "b"}, "unknown-key", "path"),
    ],
)
def test_that_a_spoiled_datasource_is_reported_at_its_place(
    found: Found, job: Make, datasource: dict[str, Any], code: str, key: str
) -> None:
    assert found(job(edges="in>out", datasource=datasource)) == [(code, f"/datasource/{key}")]

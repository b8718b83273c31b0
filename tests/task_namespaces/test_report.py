"""The HTML report of main.report, and main.flow which brings its paths together."""

from __future__ import annotations

import base64
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
from typing_extensions import override

from engine.tasks import PayloadError
from task_namespaces.main.report.library import number_text, place_text

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    RunMethod = Callable[..., Awaitable[Any]]

PICTURE = b"\x89PNG\r\n\x1a\n and so on"


def season(name: str) -> dict[str, Any]:
    return {
        "season": name,
        "season_name": f"Season {name}",
        "months": 3,
        "mean": 20.5,
        "max": 30.25,
        "min": -1.5,
        "picture": f"maps/{name}.png",
    }


@pytest.fixture
def payload() -> dict[str, Any]:
    return {
        "seasons": [season("DJF"), season("JJA")],
        "source": {
            "file": "<script>alert(1)</script>.nc", "variable": "sst", "units": "°C",
            "period": ["2006-04-16", "2010-09-16"], "grid": {"time": 54, "latitude": 18},
        },
        "mean": {"value": 20.125, "units": "°C"},
        "max": {"value": 31.0, "units": "°C", "time": "2010-05-16", "latitude": 4.44, "longitude": 277.5},
        "min": {"value": -1.5, "units": "°C", "time": "2007-09-16", "latitude": -5.0, "longitude": 99.2},
    }  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The output folder with a picture for each season."""
    (tmp_path / "output" / "maps").mkdir(parents=True)
    for name in ("DJF", "JJA"):
        (tmp_path / "output" / "maps" / f"{name}.png").write_bytes(PICTURE)
    return tmp_path / "output"


class Page(HTMLParser):
    """What a browser would find in a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.tags: list[str] = []
        self.text = ""
        self.feed(text)

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href", "action", "srcset")]

    @override
    def handle_data(self, data: str) -> None:
        self.text += data


async def test_that_the_report_holds_all_numbers_and_pictures_in_one_file(
    run_method: RunMethod, payload: dict[str, Any], folder: Path
) -> None:
    assert await run_method("main.report", "write_html", payload, title="Sea", introduction="First.") == {"report": "report.html"}
    written = (folder / "report.html").read_text("utf-8")
    page = Page(written)
    assert page.addresses == [f"data:image/png;base64,{base64.b64encode(PICTURE).decode()}"] * 2
    for words in (
        "Sea",
        "First.",
        "Season DJF",
        "30.25",
        "−1.50",  # noqa: RUF001  typography of the page
        "20.12",
        "2010-05-16, 4.4°N, 82.5°W",
        "5.0°S, 99.2°E",
        "54 time × 18 latitude",  # noqa: RUF001  as above
        "A job of tests",
    ):
        assert words in page.text, words
    assert "http:" not in written
    assert "https:" not in written


async def test_that_text_of_files_and_maps_is_shown_as_text(run_method: RunMethod, payload: dict[str, Any], folder: Path) -> None:
    await run_method("main.report", "write_html", payload, title="<img src=x>", notes="{{ 7 * 7 }}")
    page = Page((folder / "report.html").read_text("utf-8"))
    assert "script" not in page.tags
    assert page.tags.count("img") == 2
    assert "<script>alert(1)</script>.nc" in page.text
    assert "{{ 7 * 7 }}" in page.text


async def test_that_the_report_follows_light_and_dark(run_method: RunMethod, payload: dict[str, Any], folder: Path) -> None:
    await run_method("main.report", "write_html", payload, title="Sea")
    assert "prefers-color-scheme: dark" in (folder / "report.html").read_text("utf-8")


async def test_that_the_same_findings_give_the_same_bytes(run_method: RunMethod, payload: dict[str, Any], folder: Path) -> None:
    for name in ("one.html", "two.html"):
        await run_method("main.report", "write_html", payload, title="Sea", save_as=name)
    assert (folder / "one.html").read_bytes() == (folder / "two.html").read_bytes()


async def test_that_a_report_says_what_it_lacks(run_method: RunMethod, payload: dict[str, Any], folder: Path) -> None:
    with pytest.raises(PayloadError, match='the payload lacks "max"'):
        await run_method("main.report", "write_html", {key: value for key, value in payload.items() if key != "max"}, title="Sea")


async def test_that_collected_branches_become_a_list_of_the_keys_of_interest(run_method: RunMethod) -> None:
    payload = {"items": [{"a": 1, "b": 2}, {"b": 3, "a": 4, "c": 5}], "count": 2}
    assert await run_method("main.flow", "collect", payload, final_key="all", keep=["b", "a"]) == {
        "all": [{"b": 2, "a": 1}, {"b": 3, "a": 4}]
    }
    assert await run_method("main.flow", "collect", payload, final_key="all") == {"all": payload["items"]}


async def test_that_collect_without_collected_branches_says_so(run_method: RunMethod) -> None:
    with pytest.raises(PayloadError, match='the payload lacks "items"'):
        await run_method("main.flow", "collect", {"a": 1}, final_key="all")


def test_that_numbers_and_places_read_well() -> None:
    assert number_text(-0.126) == "−0.13"  # noqa: RUF001  the minus sign of typography
    assert place_text({"value": 1, "units": "K"}) == ""
    assert place_text({"value": 1, "time": "2006-06-15", "grid_latitude": -9.29}) == "2006-06-15, grid_latitude -9.29"

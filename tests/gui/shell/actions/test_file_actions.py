"""What the actions of the menu File do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtWidgets import QApplication

from engine.catalog.installation import JOBS
from engine.catalog.scaffolding import new_namespace, new_task
from engine.files import load_job_map
from engine.model.editing import describe

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    Act = Callable[[], Awaitable[None]]

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)")  # the offscreen platform says so of lists that open
SIMPLE = JOBS / "simple-example" / "job.json"


def renamed(desk: Any, name: str = "Changed") -> None:
    desk.change(describe(desk.map, name=name, description=None))


@pytest.mark.action("file.new")
async def test_that_new_starts_an_empty_job_map_in_a_tab_of_its_own(desk: Any, do: Act) -> None:
    first = desk.document
    await do()
    assert desk.window.tabs.count() == 2
    assert desk.document is not first
    assert desk.document.path is None
    assert desk.names == ["in", "out"]


@pytest.mark.action("file.new_from_template")
async def test_that_new_from_template_opens_the_gallery_and_its_card_a_copy(desk: Any, do: Act) -> None:
    await do()
    await desk.until(lambda: QApplication.activeWindow() is desk.shown("gallery"))
    await desk.type(load_job_map(SIMPLE).name)
    await desk.until(lambda: desk.window.tabs.count() == 2)
    assert desk.map.name == load_job_map(SIMPLE).name
    assert desk.document.path is None


@pytest.mark.action("file.open")
async def test_that_open_asks_for_a_file_and_shows_it(desk: Any, do: Act, tmp_path: Path) -> None:
    (tmp_path / "other.json").write_bytes(SIMPLE.read_bytes())
    await do()
    await desk.choose_file(tmp_path / "other.json")
    assert desk.document.path == tmp_path / "other.json"
    assert desk.window.tabs.count() == 2


@pytest.mark.action("file.open_workspace")
async def test_that_open_workspace_asks_for_a_folder_and_offers_its_tasks(desk: Any, do: Act, tmp_path: Path) -> None:
    folder = tmp_path / "ocean-lab"
    new_namespace(folder, "ocean")
    new_task(folder, "ocean", "trend")
    await do()
    await desk.choose_file(folder)
    await desk.until(lambda: desk.window.workspace.folder == folder)
    assert ("ocean", "trend") in desk.window.catalog.definitions
    assert desk.window.restricted_banner.isVisible()


@pytest.mark.action("file.save")
async def test_that_save_writes_the_file(desk: Any, do: Act) -> None:
    renamed(desk)
    await do()
    await desk.until(lambda: not desk.document.modified)
    assert json.loads(desk.file.read_text("utf-8"))["name"] == "Changed"


@pytest.mark.action("file.save_as")
async def test_that_save_as_asks_for_another_file_and_goes_on_with_it(desk: Any, do: Act, tmp_path: Path) -> None:
    before = desk.file.read_bytes()
    renamed(desk)
    await do()
    await desk.choose_file(tmp_path / "second.json")
    await desk.until(lambda: not desk.document.modified)
    assert desk.document.path == tmp_path / "second.json"
    assert load_job_map(tmp_path / "second.json").name == "Changed"
    assert desk.file.read_bytes() == before


@pytest.mark.action("file.revert")
async def test_that_revert_takes_over_the_file_as_one_step(desk: Any, do: Act) -> None:
    before = desk.map
    renamed(desk, "Once")
    renamed(desk, "Twice")
    await do()
    assert desk.map == before
    desk.document.undo_stack.undo()
    assert desk.map.name == "Twice"


@pytest.mark.action("file.compare")
async def test_that_compare_asks_for_a_file_and_says_what_is_otherwise(desk: Any, do: Act, tmp_path: Path) -> None:
    (tmp_path / "before.json").write_bytes(desk.file.read_bytes())
    desk.select("split")
    desk.canvas.delete_selection()
    await do()
    await desk.choose_file(tmp_path / "before.json")
    await desk.until(lambda: desk.shown("difference_banner"))
    assert desk.window.page.comparing.banner.text.startswith("Comparing with before.json: 1 removed")


@pytest.mark.action("file.export_picture")
async def test_that_export_picture_asks_for_a_file_and_draws_into_it(desk: Any, do: Act, tmp_path: Path) -> None:
    await do()
    await desk.choose_file(tmp_path / "drawn.svg")
    await desk.until(lambda: desk.says().startswith("Picture written: "))
    assert "<svg" in (tmp_path / "drawn.svg").read_text("utf-8")


@pytest.mark.action("file.export_script")
async def test_that_export_script_asks_for_a_file_and_writes_python(desk: Any, do: Act, tmp_path: Path) -> None:
    await do()
    await desk.choose_file(tmp_path / "job.py")
    await desk.until(lambda: desk.says().startswith("Script written: "))
    compile((tmp_path / "job.py").read_text("utf-8"), "job.py", "exec")


@pytest.mark.action("file.close")
async def test_that_close_asks_where_changes_would_be_lost_and_takes_the_tab_away(desk: Any, do: Act) -> None:
    renamed(desk)
    await do()
    await desk.answer("unsaved_changes", "discard")
    await desk.until(lambda: desk.window.document is None)
    assert desk.window.tabs.tabText(0) == "Welcome"


@pytest.mark.action("file.quit")
async def test_that_quit_closes_the_window(desk: Any, do: Act) -> None:
    closed: list[bool] = []
    desk.window.closed.connect(lambda: closed.append(True))
    await do()
    assert closed == [True]
    assert not desk.window.isVisible()

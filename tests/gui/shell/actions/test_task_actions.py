"""What the actions of the menu Task do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit

from engine.model.editing import disconnect
from engine.model.job_map import Disabled

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Act = Callable[[], Awaitable[None]]


@pytest.mark.action("task.settings")
async def test_that_settings_take_the_keyboard_to_the_first_field_of_the_task(desk: Any, do: Act) -> None:
    desk.window.docks["inspector"].hide()
    desk.select("filter-long")
    await do()
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.objectName() == "argument.word_length"
    await desk.type("7")
    assert desk.task("filter-long").init_args["word_length"] == 7


@pytest.mark.action("task.connect")
async def test_that_connect_lists_the_tasks_that_fit_and_wires_the_chosen_one(desk: Any, do: Act) -> None:
    desk.change(disconnect(desk.map, [("capitalize", "filter-short")]))
    desk.select("capitalize")
    await do()
    assert desk.shown("target_list")
    await desk.type("filter-short")
    assert ("capitalize", "filter-short") in desk.map.workflow
    assert desk.selected == {"filter-short"}


@pytest.mark.action("task.connect_from")
async def test_that_connect_from_lists_the_tasks_that_may_feed_it(desk: Any, do: Act) -> None:
    desk.change(disconnect(desk.map, [("capitalize", "filter-short")]))
    desk.select("filter-short")
    await do()
    assert desk.shown("target_list")
    assert desk.shown("quick_add_field", QLineEdit).placeholderText() == "Connect “filter-short” from"
    await desk.type("capitalize")
    assert ("capitalize", "filter-short") in desk.map.workflow


@pytest.mark.action("task.select_upstream")
async def test_that_select_upstream_selects_all_that_the_task_depends_on(desk: Any, do: Act) -> None:
    desk.select("filter-long")
    await do()
    assert desk.selected == {"in", "split", "capitalize", "filter-long"}


@pytest.mark.action("task.select_downstream")
async def test_that_select_downstream_selects_all_that_depends_on_the_task(desk: Any, do: Act) -> None:
    desk.select("filter-long")
    await do()
    assert desk.selected == {"filter-long", "count-long", "long"}


@pytest.mark.action("task.switch_off")
async def test_that_switch_off_switches_the_selection_off_and_on_again(desk: Any, do: Act) -> None:
    desk.select("filter-long", "count-long")
    await do()
    assert [desk.task(name).disabled for name in ("filter-long", "count-long")] == [Disabled.OFF, Disabled.OFF]
    await do()
    assert [desk.task(name).disabled for name in ("filter-long", "count-long")] == [None, None]


@pytest.mark.action("task.bypass")
async def test_that_bypass_lets_payloads_pass_the_selection_by_or_no_longer(desk: Any, do: Act) -> None:
    desk.select("capitalize")
    await do()
    assert desk.task("capitalize").disabled is Disabled.BYPASS
    await do()
    assert desk.task("capitalize").disabled is None

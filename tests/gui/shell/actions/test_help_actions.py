"""What the actions of the menu Help do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Act = Callable[[], Awaitable[None]]


@pytest.mark.action("help.welcome")
async def test_that_welcome_shows_the_examples_beside_what_is_open(desk: Any, do: Act) -> None:
    await do()
    assert [desk.window.tabs.tabText(index) for index in range(2)] == ["Branching strings", "Welcome"]
    assert desk.window.document is None
    await do()
    assert desk.window.tabs.count() == 2


@pytest.mark.action("help.tour")
async def test_that_the_tour_begins_with_its_first_step(desk: Any, do: Act) -> None:
    await do()
    assert desk.shown("tour_banner")
    assert desk.window.tour.banner.text.startswith("1 of 3")


@pytest.mark.action("help.guide")
async def test_that_the_guide_is_shown_and_closes(desk: Any, do: Act) -> None:
    await do()
    await desk.until(lambda: desk.shown("guide"))
    assert "Drag a task from the palette" in desk.shown("guide").informativeText()
    await desk.answer("guide", "ok")


@pytest.mark.action("help.shortcuts")
async def test_that_every_key_is_listed_beside_the_window(desk: Any, do: Act) -> None:
    await do()
    assert [type(dialog).__name__ for dialog in desk.dialogs] == ["ShortcutsDialog"]
    assert not desk.dialogs[0].isModal()


@pytest.mark.action("help.about")
async def test_that_about_names_the_version(desk: Any, do: Act) -> None:
    await do()
    await desk.until(lambda: desk.shown("about"))
    assert desk.shown("about").informativeText().startswith("Version ")
    await desk.answer("about", "ok")

"""Every action of the table has a test of what it does."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QAction

from ephemeral_gui.actions.rows import ACTIONS
from ephemeral_gui.main_window.docks import TITLES


def test_that_every_action_of_the_table_has_a_test_and_every_test_an_action(tested_ids: set[str]) -> None:
    assert (set(ACTIONS) - tested_ids, tested_ids - set(ACTIONS)) == (set(), set())


def test_that_the_window_has_no_action_beside_those_of_the_table_and_of_the_panels(desk: Any) -> None:
    ids = {each.objectName() for each in desk.window.findChildren(QAction) if "." in each.objectName()}
    submenus = {"file.open_recent", "view.panels"}
    assert ids - submenus == set(ACTIONS) | {f"view.{name}" for name in TITLES}

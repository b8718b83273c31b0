"""Every action of the table has a test of what it does."""

from __future__ import annotations

from ephemeral_gui.actions.rows import ACTIONS


def test_that_every_action_of_the_table_has_a_test_and_every_test_an_action(tested_ids: set[str]) -> None:
    assert (set(ACTIONS) - tested_ids, tested_ids - set(ACTIONS)) == (set(), set())

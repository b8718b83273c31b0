"""Settings and shortcuts: taken at once, remembered, and never trusted blindly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QKeySequence, QWheelEvent
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
)

import ephemeral_gui
from engine.catalog.installation import JOBS
from ephemeral_gui.actions.rows import ACTIONS, MENUS
from ephemeral_gui.main_window.commands.help_commands import versions
from ephemeral_gui.widgets.theme import Appearance

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from ephemeral_gui.main_window.window import MainWindow


@pytest.fixture
def window(qapp: object) -> Iterator[MainWindow]:
    made = ephemeral_gui.open_window()
    yield made
    made.look.choose(Appearance.SYSTEM)
    for flag in ("wheel_zooms", "shows_grid", "reduces_motion"):
        made.look.wish(flag, on=flag != "reduces_motion")


def dialog(window: MainWindow, action_id: str, name: str) -> QDialog:
    window.actions_by_id[action_id].trigger()
    found = window.findChild(QDialog, name)
    assert found is not None
    assert found.isVisible()
    assert not found.isModal()
    return found


def keys_of(window: MainWindow, action_id: str) -> list[str]:
    return [each.toString() for each in window.actions_by_id[action_id].shortcuts()]


def test_that_settings_take_effect_at_once_and_are_remembered(window: MainWindow) -> None:
    settings = dialog(window, "edit.settings", "settings_dialog")
    box = settings.findChild(QComboBox, "settings.appearance")
    assert box is not None
    for word, appearance in (("Light", Appearance.LIGHT), ("Dark", Appearance.DARK)):
        box.setCurrentText(word)
        box.activated.emit(box.currentIndex())
        assert window.look.appearance is appearance
    for flag in ("wheel_zooms", "shows_grid", "reduces_motion"):
        check = settings.findChild(QCheckBox, f"settings.{flag}")
        assert check is not None
        before = check.isChecked()
        check.click()
        assert (flag in window.look.wishes) is not before
    assert window.look.reduced_motion
    window.look.choose(Appearance.SYSTEM)
    window.look.wish("wheel_zooms", on=True)
    again = ephemeral_gui.open_window()
    assert again.look.appearance is Appearance.DARK
    assert "wheel_zooms" not in again.look.wishes


def test_that_a_dialog_is_shown_once_however_often_it_is_asked_for(window: MainWindow) -> None:
    dialog(window, "edit.settings", "settings_dialog")
    dialog(window, "edit.settings", "settings_dialog")
    assert len(window.findChildren(QDialog, "settings_dialog")) == 1


def choose_row(shortcuts: QDialog, action_id: str) -> None:
    listed = shortcuts.findChild(QTreeWidget, "shortcuts.list")
    assert listed is not None
    listed.setCurrentItem(next(row for row in rows_of(listed) if row.data(0, Qt.ItemDataRole.UserRole) == action_id))


def rows_of(listed: QTreeWidget) -> list[QTreeWidgetItem]:
    """Return the rows below the headings."""
    return [
        group.child(row)
        for number in range(listed.topLevelItemCount())
        if (group := listed.topLevelItem(number))
        for row in range(group.childCount())
    ]


def press(shortcuts: QDialog, name: str) -> None:
    button = shortcuts.findChild(QPushButton, f"shortcuts.{name}")
    assert button is not None
    button.click()


def type_keys(shortcuts: QDialog, keys: str) -> None:
    edit = shortcuts.findChild(QKeySequenceEdit, "shortcuts.keys")
    assert edit is not None
    edit.setKeySequence(QKeySequence(keys))


def test_that_every_action_is_listed_with_its_keys(window: MainWindow) -> None:
    shortcuts = dialog(window, "help.shortcuts", "shortcuts_dialog")
    listed = shortcuts.findChild(QTreeWidget, "shortcuts.list")
    assert listed is not None
    assert [row.text(0) for row in rows_of(listed)][: len(ACTIONS)] == [row.title for row in ACTIONS.values()]
    assert all(row.text(1) for row in rows_of(listed)[len(ACTIONS) :])
    field = shortcuts.findChild(QLineEdit, "shortcuts.filter")
    assert field is not None
    field.setText("zoom in")
    assert [row.text(0) for row in rows_of(listed) if not row.isHidden()] == ["Zoom in"]


def test_that_actions_stand_under_the_names_of_their_menus_and_empty_groups_are_hidden(window: MainWindow) -> None:
    shortcuts = dialog(window, "help.shortcuts", "shortcuts_dialog")
    listed = shortcuts.findChild(QTreeWidget, "shortcuts.list")
    field = shortcuts.findChild(QLineEdit, "shortcuts.filter")
    assert listed is not None
    assert field is not None
    groups = [listed.topLevelItem(number) for number in range(listed.topLevelItemCount())]
    titles = [group.text(0) for group in groups if group is not None]
    assert titles == [title.replace("&", "") for title, _ in MENUS] + ["On the canvas", "In the palette"]
    field.setText("favourite")
    assert [group.text(0) for group in groups if group is not None and not group.isHidden()] == ["In the palette"]


def test_that_keys_that_belong_to_a_place_cannot_be_changed(window: MainWindow) -> None:
    shortcuts = dialog(window, "help.shortcuts", "shortcuts_dialog")
    listed = shortcuts.findChild(QTreeWidget, "shortcuts.list")
    button = shortcuts.findChild(QPushButton, "shortcuts.set")
    assert listed is not None
    assert button is not None
    choose_row(shortcuts, "file.new")
    assert button.isEnabled()
    listed.setCurrentItem(rows_of(listed)[-1])
    assert not button.isEnabled()


def test_that_keys_can_be_changed_are_taken_from_their_holder_and_remembered(window: MainWindow) -> None:
    shortcuts = dialog(window, "help.shortcuts", "shortcuts_dialog")
    choose_row(shortcuts, "view.layout")
    type_keys(shortcuts, "Ctrl+D")
    note = shortcuts.findChild(QLabel, "shortcuts.note")
    assert note is not None
    assert note.text() == "Duplicate has these keys now and would lose them."
    press(shortcuts, "set")
    assert (keys_of(window, "view.layout"), keys_of(window, "edit.duplicate")) == (["Ctrl+D"], [])
    assert "Ctrl+D" in window.actions_by_id["view.layout"].toolTip()
    assert keys_of(ephemeral_gui.open_window(), "view.layout") == ["Ctrl+D"]


def test_that_an_action_gets_its_first_keys_back(window: MainWindow) -> None:
    shortcuts = dialog(window, "help.shortcuts", "shortcuts_dialog")
    choose_row(shortcuts, "edit.redo")
    type_keys(shortcuts, "Ctrl+Alt+Z")
    press(shortcuts, "set")
    assert keys_of(window, "edit.redo") == ["Ctrl+Alt+Z"]
    press(shortcuts, "reset")
    assert keys_of(window, "edit.redo") == ["Ctrl+Shift+Z", "Ctrl+Y"]


@pytest.mark.parametrize("spoiled", ["{", "[]", '{"file.new": 3}', '{"nobody": ["Ctrl+N"]}', '{"file.new": [3]}'])
def test_that_spoiled_settings_change_nothing(spoiled: str) -> None:
    settings = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "ephemeral", "window")
    settings.setValue("preferences/keys", spoiled)
    settings.setValue("preferences/appearance", "purple")
    settings.setValue("preferences/wheel_zooms", "perhaps")
    settings.sync()
    window = ephemeral_gui.open_window()
    assert keys_of(window, "file.new") == ["Ctrl+N"]
    assert window.look.appearance is Appearance.SYSTEM
    assert "wheel_zooms" in window.look.wishes


def test_that_the_versions_name_what_a_report_needs() -> None:
    assert {line.partition(" ")[0] for line in versions().splitlines()} >= {"Python", "Qt", "PySide6-Essentials", "NodeGraphQt"}


def turn_wheel(window: MainWindow, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    assert window.canvas is not None
    viewport = window.canvas.viewer.viewport()
    at = QPointF(viewport.rect().center())
    phase = Qt.ScrollPhase.NoScrollPhase
    turn = QWheelEvent(at, QPointF(viewport.mapToGlobal(at)), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, keys, phase, False)  # noqa: FBT003  Qt's own signature
    QApplication.sendEvent(viewport, turn)


def test_that_the_wheel_zooms_or_moves_as_is_wished_and_zooms_with_control_in_any_case(window: MainWindow) -> None:
    window.open_job_map(JOBS / "simple-example" / "job.json")
    canvas = window.canvas
    assert canvas is not None
    zoom, seen = canvas.viewer.zoom, canvas.viewer.visible_rect
    window.preferences.switch("wheel_zooms", on=False)
    turn_wheel(window)
    assert canvas.viewer.zoom == zoom
    assert canvas.viewer.visible_rect.top() < seen.top()
    turn_wheel(window, Qt.KeyboardModifier.ControlModifier)
    assert canvas.viewer.zoom > zoom


def test_that_the_grid_is_drawn_only_where_it_is_wished(window: MainWindow) -> None:
    window.open_job_map(JOBS / "simple-example" / "job.json")
    assert window.canvas is not None
    with_grid = window.canvas.grab().toImage()
    window.preferences.switch("shows_grid", on=False)
    assert window.canvas.grab().toImage() != with_grid


def test_that_a_change_of_colours_reaches_no_window_that_is_gone(window: MainWindow) -> None:
    window.open_job_map(JOBS / "branching-strings" / "job.json")
    window.close()
    again = ephemeral_gui.open_window(JOBS / "simple-example" / "job.json")
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    for appearance in (Appearance.LIGHT, Appearance.DARK):
        again.preferences.choose_appearance(appearance)
    assert again.look.theme.name == "dark"


async def test_that_the_tour_has_three_calm_steps_and_comes_once(until: Callable[[Callable[[], object]], Awaitable[None]]) -> None:
    window = ephemeral_gui.open_window()
    banner = window.tour.banner
    await until(banner.isVisible)
    button = banner.findChild(QPushButton, "tour_banner_action")
    assert button is not None
    said = []
    while banner.isVisible():
        said.append((banner.text[:6], button.text()))
        button.click()
    assert said == [("1 of 3", "Next"), ("2 of 3", "Next"), ("3 of 3", "Done")]
    again = ephemeral_gui.open_window()
    await until(again.tabs.count)
    assert not again.tour.banner.isVisible()
    again.actions_by_id["help.tour"].trigger()
    assert again.tour.banner.isVisible()


@pytest.mark.parametrize(("action_id", "name"), [("edit.settings", "settings_dialog"), ("help.shortcuts", "shortcuts_dialog")])
async def test_that_a_dialog_that_is_asked_for_again_comes_to_the_front(
    window: MainWindow, until: Callable[[Callable[[], object]], Awaitable[None]], action_id: str, name: str
) -> None:
    shown = dialog(window, action_id, name)
    await until(shown.isActiveWindow)
    window.activateWindow()
    await until(window.isActiveWindow)
    window.actions_by_id[action_id].trigger()
    await until(shown.isActiveWindow)


def test_that_only_other_colours_dress_every_widget_anew(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    dressed: list[str] = []
    monkeypatch.setattr(QApplication, "setStyleSheet", lambda _, sheet: dressed.append(sheet))
    window.preferences.switch("wheel_zooms", on=False)
    assert not dressed
    window.preferences.choose_appearance(Appearance.DARK if window.look.theme.name == "light" else Appearance.LIGHT)
    assert len(dressed) == 1
    monkeypatch.undo()
    window.preferences.choose_appearance(Appearance.SYSTEM)

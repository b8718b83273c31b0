from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from engine.catalog.examples import Example, list_examples
from engine.files import load_job_map
from ephemeral_gui.welcome.card import ExampleCard, size_text
from ephemeral_gui.welcome.mini_graph import MiniGraph, sketch
from ephemeral_gui.welcome.page import WelcomePage
from ephemeral_gui.widgets.theme import DARK, Appearance, Look

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

HOSTILE = '<img src="file:///etc/passwd">'


@pytest.fixture
def page(qtbot: QtBot) -> WelcomePage:
    made = WelcomePage(list_examples(), Look(appearance=Appearance.DARK))
    qtbot.addWidget(made)
    made.resize(1_100, 800)
    made.show()
    return made


def cards(page: WelcomePage) -> list[ExampleCard]:
    return page.findChildren(ExampleCard)


def test_that_every_example_has_a_card_the_largest_first(page: WelcomePage) -> None:
    names = [card.example.name for card in cards(page)]
    assert sorted(names) == sorted(example.name for example in list_examples())
    assert names[0] == "seasonal-sea-surface-report"


def test_that_a_click_asks_for_the_example(page: WelcomePage, qtbot: QtBot) -> None:
    card = cards(page)[0]
    with qtbot.waitSignal(page.example_requested) as asked:
        QTest.mouseClick(card, Qt.MouseButton.LeftButton)
    assert asked.args == [card.example]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_that_the_keyboard_asks_for_it_too(page: WelcomePage, qtbot: QtBot, key: Qt.Key) -> None:
    card = cards(page)[1]
    with qtbot.waitSignal(page.example_requested):
        QTest.keyClick(card, key)


@pytest.mark.parametrize(("name", "signal"), [("new", "new_requested"), ("open", "open_requested"), ("workspace", "workspace_requested")])
def test_that_each_button_asks_for_its_thing(page: WelcomePage, qtbot: QtBot, name: str, signal: str) -> None:
    button = page.findChild(QPushButton, f"welcome.{name}")
    assert button is not None
    with qtbot.waitSignal(getattr(page, signal)):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_that_every_control_has_a_name_for_screen_readers(page: WelcomePage) -> None:
    for card in cards(page):
        assert card.accessibleName().startswith("Open the example ")
    for button in page.findChildren(QPushButton):
        assert button.text() or button.accessibleName()


def test_that_the_sketch_holds_each_task_once_and_children_to_the_right() -> None:
    for example in list_examples():
        job_map = load_job_map(example.path)
        drawn = sketch(job_map)
        assert drawn.boxes.keys() == {task.name for task in job_map.tasks}
        assert len(set(drawn.boxes.values())) == len(drawn.boxes)
        assert all(drawn.boxes[source][0] < drawn.boxes[target][0] for source, target, _ in drawn.wires)


def test_that_a_wire_is_drawn_in_the_colour_of_its_type(qtbot: QtBot) -> None:
    example = next(example for example in list_examples() if example.name == "simple-example")
    graph = MiniGraph(sketch(load_job_map(example.path)), Look(appearance=Appearance.DARK))
    qtbot.addWidget(graph)
    graph.resize(280, 104)
    drawn = graph.grab().toImage()
    colours = {drawn.pixelColor(x, drawn.height() // 2).name() for x in range(drawn.width())}
    assert DARK.types["text"] in colours


def test_that_a_spoiled_example_leaves_a_card_without_a_picture(qtbot: QtBot, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "job.json"
    path.write_text("no json", encoding="utf-8")
    page = WelcomePage([Example("spoiled", HOSTILE, HOSTILE, path, 3, 1, ())], Look())
    qtbot.addWidget(page)
    assert cards(page)[0].example.name == "spoiled"
    assert "cannot be drawn" in caplog.text


def test_that_texts_of_examples_are_plain(qtbot: QtBot, tmp_path: Path) -> None:
    path = list_examples()[0].path
    page = WelcomePage([Example("evil", HOSTILE, HOSTILE, path, 3, 1, ())], Look())
    qtbot.addWidget(page)
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in page.findChildren(QLabel) if label.text())
    assert any(label.text() == HOSTILE for label in page.findChildren(QLabel))


@pytest.mark.parametrize(("tasks", "outputs", "text"), [(3, 1, "1 task, 1 output"), (16, 3, "12 tasks, 3 outputs")])
def test_that_the_size_counts_what_does_the_work(tasks: int, outputs: int, text: str) -> None:
    assert size_text(Example("a", "a", "", Path(), tasks, outputs, ())) == text


@pytest.mark.parametrize(("width", "columns"), [(1_100, 3), (700, 2), (500, 1)])
def test_that_as_many_cards_stand_side_by_side_as_there_is_room_for(page: WelcomePage, qtbot: QtBot, width: int, columns: int) -> None:
    page.resize(width, 800)
    qtbot.waitUntil(lambda: len({card.x() for card in cards(page)}) == columns)
    qtbot.waitUntil(lambda: page.horizontalScrollBar().maximum() == 0)

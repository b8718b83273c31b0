from __future__ import annotations

import functools
import json
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSettings, Qt
from PySide6.QtGui import QDrag, QMouseEvent, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from engine.catalog import load_catalog
from engine.model.definition import Argument, Definition
from ephemeral_gui.palette.delegate import star_box
from ephemeral_gui.palette.legend import Legend
from ephemeral_gui.palette.marks import Marks
from ephemeral_gui.palette.model import DEFINITION, MIME_TYPE, help_text
from ephemeral_gui.palette.panel import PalettePanel
from ephemeral_gui.palette.tree import drag_picture
from ephemeral_gui.widgets.ends import END_NAMESPACE, ENDS
from ephemeral_gui.widgets.theme import DARK, Appearance, Look

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from engine.catalog import Catalog


@functools.cache
def installed() -> Catalog:
    return load_catalog()


def catalog_of(*definitions: Definition) -> Any:
    return SimpleNamespace(definitions={(each.namespace, each.name): each for each in definitions})


def shown(panel: PalettePanel) -> list[str]:
    model = panel.model
    groups = [model.index(row, 0) for row in range(model.rowCount())]
    return [model.index(row, 0, group).data() for group in groups for row in range(model.rowCount(group))]


@pytest.fixture
def panel(qtbot: QtBot) -> PalettePanel:
    made = PalettePanel(installed(), Look(appearance=Appearance.DARK))
    qtbot.addWidget(made)
    made.resize(208, 700)
    made.show()
    with qtbot.waitActive(made):
        made.activateWindow()
    return made


def test_that_every_definition_stands_beneath_its_namespace(panel: PalettePanel) -> None:
    catalog = installed()
    groups = [panel.model.index(row, 0).data() for row in range(panel.model.rowCount())]
    assert groups == [END_NAMESPACE, *catalog.namespaces()]
    titles = [definition.display_title for definition in catalog.definitions.values()]
    assert sorted(shown(panel)) == sorted(["Input", "Output", *titles])


@pytest.mark.parametrize("words", ["split_string", "split STRING", "main.parsing.strings split"])
def test_that_the_filter_finds_by_name_title_and_namespace(panel: PalettePanel, qtbot: QtBot, words: str) -> None:
    QTest.keyClicks(panel.filter, words)
    assert installed().definitions["main.parsing.strings", "split_string"].display_title in shown(panel)


def test_that_the_filter_finds_by_type(panel: PalettePanel, qtbot: QtBot) -> None:
    QTest.keyClicks(panel.filter, "combined-string")
    assert installed().definitions["main.strings.operations", "combine_words"].display_title in shown(panel)


def test_that_enter_in_the_filter_adds_the_best_match(panel: PalettePanel, qtbot: QtBot) -> None:
    QTest.keyClicks(panel.filter, "char_count")
    with qtbot.waitSignal(panel.add_requested) as asked:
        QTest.keyClick(panel.filter, Qt.Key.Key_Return)
    assert asked.args == ["main.strings.operations", "char_count"]


def test_that_enter_in_an_empty_filter_adds_nothing(panel: PalettePanel, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(panel.add_requested):
        QTest.keyClick(panel.filter, Qt.Key.Key_Return)


def test_that_down_leads_into_the_list_and_enter_adds(panel: PalettePanel, qtbot: QtBot) -> None:
    panel.filter.setFocus()
    QTest.keyClick(panel.filter, Qt.Key.Key_Down)
    assert panel.tree.hasFocus()
    definition = panel.tree.currentIndex().data(DEFINITION)
    with qtbot.waitSignal(panel.add_requested) as asked:
        QTest.keyClick(panel.tree, Qt.Key.Key_Return)
    assert asked.args == [definition.namespace, definition.name]


def test_that_up_from_the_top_leads_back_and_typing_goes_on_in_the_filter(panel: PalettePanel, qtbot: QtBot) -> None:
    panel.tree.setFocus()
    panel.tree.setCurrentIndex(panel.model.index(0, 0))
    QTest.keyClick(panel.tree, Qt.Key.Key_Up)
    assert panel.filter.hasFocus()
    panel.tree.setFocus()
    QTest.keyClicks(panel.tree, "s")
    assert (panel.filter.hasFocus(), panel.filter.text()) == (True, "s")


def test_that_escape_clears_the_filter(panel: PalettePanel, qtbot: QtBot) -> None:
    QTest.keyClicks(panel.filter, "zzz")
    QTest.keyClick(panel.filter, Qt.Key.Key_Escape)
    assert panel.filter.text() == ""
    assert len(shown(panel)) == len(ENDS) + len(installed().definitions)


def test_that_a_miss_names_the_nearest_and_a_click_takes_it(panel: PalettePanel, qtbot: QtBot) -> None:
    QTest.keyClicks(panel.filter, "splt string")
    assert panel._nothing.text() == "Nothing fits 'splt string'. Did you mean"
    offer = panel.findChild(QPushButton, "palette.suggestion")
    assert offer is not None
    QTest.mouseClick(offer, Qt.MouseButton.LeftButton)
    assert shown(panel)[0] == panel.filter.text()
    assert not panel._nothing.isVisible()


def test_that_a_double_click_adds(panel: PalettePanel, qtbot: QtBot) -> None:
    index = panel.model.index(0, 0, panel.model.index(0, 0))
    at = panel.tree.visualRect(index).center()
    with qtbot.waitSignal(panel.add_requested):
        QTest.mouseClick(panel.tree.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
        QTest.mouseDClick(panel.tree.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)


def test_that_a_click_folds_a_namespace_and_filtering_forgets_nothing(panel: PalettePanel, qtbot: QtBot) -> None:
    group = panel.model.index(0, 0)
    QTest.mouseClick(
        panel.tree.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, panel.tree.visualRect(group).center()
    )
    assert not panel.tree.isExpanded(panel.model.index(0, 0))
    panel.filter.setText("a")
    assert panel.tree.isExpanded(panel.model.index(0, 0))
    panel.filter.clear()
    assert not panel.tree.isExpanded(panel.model.index(0, 0))


def test_that_the_drag_carries_namespace_and_method(panel: PalettePanel) -> None:
    definition = installed().definitions["main.parsing.strings", "split_string"]
    data = panel.model.mimeData([panel.model.index_of(definition)])
    assert json.loads(bytes(data.data(MIME_TYPE).data())) == ["main.parsing.strings", "split_string"]
    assert panel.model.mimeData([panel.model.index(0, 0)]).formats() == []
    assert drag_picture(definition, Look(), 2.0).deviceIndependentSize().height() == 28


def test_that_tool_tips_show_everything_as_plain_text(qtbot: QtBot) -> None:
    hostile = '<img src="file:///etc/passwd">'
    argument = Argument("word", "string", required=True, description=hostile)
    definition = Definition("evil", "task", hostile, ("string",), ("list(string)",), (argument,), title=hostile)
    panel = PalettePanel(catalog_of(definition), Look())
    qtbot.addWidget(panel)
    tip = panel.model.index_of(definition).data(Qt.ItemDataRole.ToolTipRole)
    document = QTextDocument()
    document.setHtml(tip)
    assert document.toPlainText().replace("\u2028", "\n") == help_text(definition)
    assert "Takes string, gives list(string)" in help_text(definition)
    assert f"word (string, required): {hostile}" in help_text(definition)


def test_that_a_narrow_legend_lists_its_words_beneath_each_other(qtbot: QtBot) -> None:
    legend = Legend(Look())
    qtbot.addWidget(legend)
    legend.show_definitions(load_catalog().definitions.values())
    heights = [legend.heightForWidth(width) for width in (208, 144, 80)]
    assert heights[0] < heights[1] < heights[2]
    assert heights[2] - heights[0] >= 20 * (len(legend.groups) // 2)


def test_that_the_legend_names_what_the_catalogue_produces(qtbot: QtBot) -> None:
    one, two = (Definition("a", name, "", ("any",), (kind,)) for name, kind in (("x", "list(string)"), ("y", "integer")))
    panel = PalettePanel(catalog_of(one, two), Look())
    qtbot.addWidget(panel)
    assert list(panel.legend.groups) == ["number", "list"]
    panel.show_catalog(catalog_of(one))
    assert list(panel.legend.groups) == ["list"]


def test_that_the_dot_has_the_colour_of_the_produced_type(qtbot: QtBot) -> None:
    definition = Definition("a", "x", "", ("any",), ("dataset",))
    panel = PalettePanel(catalog_of(definition), Look(appearance=Appearance.DARK))
    qtbot.addWidget(panel)
    panel.resize(208, 300)
    panel.show()
    box = panel.tree.visualRect(panel.model.index_of(definition))
    drawn = panel.tree.viewport().grab().toImage()
    ratio = drawn.devicePixelRatio()
    assert drawn.pixelColor(round(32 * ratio), round(box.center().y() * ratio)).name() == DARK.types["dataset"]


def test_that_two_thousand_definitions_are_found_while_typing(qtbot: QtBot) -> None:
    many = [Definition(f"space{n % 40}", f"method_{n}", f"Does thing {n}.", ("string",), ("map",)) for n in range(2_000)]
    panel = PalettePanel(catalog_of(*many), Look())
    qtbot.addWidget(panel)
    panel.resize(208, 700)
    panel.show()
    begun = time.process_time()
    QTest.keyClicks(panel.filter, "method_1999")
    assert (time.process_time() - begun) / len("method_1999") < 0.1
    assert shown(panel) == ["Method 1999"]


def test_that_pulling_a_row_drags_its_method(panel: PalettePanel, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    dragged: list[QDrag] = []

    def take(drag: QDrag, _actions: Qt.DropAction) -> Qt.DropAction:  # the platform's own loop is the seam
        dragged.append(drag)
        return Qt.DropAction.CopyAction

    monkeypatch.setattr(QDrag, "exec", take)
    index = panel.model.index(0, 0, panel.model.index(0, 0))
    viewport, start = panel.tree.viewport(), panel.tree.visualRect(index).center()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    for step in (5, 40):
        at = QPointF(start + QPoint(step, 4))
        left = Qt.MouseButton.LeftButton
        move = QMouseEvent(QEvent.Type.MouseMove, at, viewport.mapToGlobal(at), left, left, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(viewport, move)
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    assert len(dragged) == 1
    definition = index.data(DEFINITION)
    assert json.loads(bytes(dragged[0].mimeData().data(MIME_TYPE).data())) == [definition.namespace, definition.name]
    assert dragged[0].pixmap().deviceIndependentSize().height() == 28


def groups_of(panel: PalettePanel) -> list[str]:
    return [panel.model.index(row, 0).data() for row in range(panel.model.rowCount())]


def choose(panel: PalettePanel, method: tuple[str, str]) -> None:
    panel.tree.setCurrentIndex(panel.model.index_of(installed().definitions[method]))


def test_that_the_help_of_a_task_is_shown_when_its_row_is_chosen(panel: PalettePanel) -> None:
    assert panel.help.isHidden()
    choose(panel, ("main.parsing.strings", "filter_string_length"))
    assert panel.help.isVisible()
    texts = [label.text() for label in panel.help.findChildren(QLabel)]
    assert "main.parsing.strings.filter_string_length" in texts
    assert any("word_length (integer, required)" in text for text in texts)
    assert any(text.startswith("Takes list(string), gives list(string)") for text in texts)
    panel.tree.setCurrentIndex(panel.model.index(0, 0))
    assert panel.help.isHidden()


def test_that_both_clicks_of_a_double_click_meet_the_lowest_row_and_a_single_one_shows_its_help(panel: PalettePanel, qtbot: QtBot) -> None:
    viewport, left, none = panel.tree.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    lowest = QPoint(60, viewport.height() - 6)
    if panel.tree.indexAt(lowest).data(DEFINITION) is None:
        lowest.setY(lowest.y() - panel.tree.visualRect(panel.tree.indexAt(lowest)).height())
    wanted = panel.tree.indexAt(lowest).data(DEFINITION)
    asked: list[tuple[str, str]] = []
    panel.add_requested.connect(lambda namespace, method: asked.append((namespace, method)))
    QTest.mouseClick(viewport, left, none, lowest)
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    assert viewport.rect().contains(lowest)
    QTest.mouseDClick(viewport, left, none, lowest)
    QTest.mouseRelease(viewport, left, none, lowest)
    assert asked == [(wanted.namespace, wanted.name)]
    qtbot.waitUntil(panel.help.isVisible, timeout=20_000)


def test_that_a_click_on_the_star_makes_a_favourite_and_a_second_one_none(panel: PalettePanel) -> None:
    method = ("main.flow", "join")
    for expected in (["Favourites"], []):
        choose(panel, method)
        box = panel.tree.visualRect(panel.tree.currentIndex())
        at = star_box(QRect(0, box.top(), panel.tree.width(), box.height())).center()
        QTest.mouseClick(panel.tree.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
        assert [name for name in groups_of(panel) if name in ("Favourites", "Recent")] == expected
    assert panel.marks.favourites == []


def test_that_the_key_insert_makes_a_favourite_and_the_row_stays_chosen(panel: PalettePanel) -> None:
    choose(panel, ("main.flow", "join"))
    QTest.keyClick(panel.tree, Qt.Key.Key_Insert)
    assert panel.marks.favourites == [("main.flow", "join")]
    assert panel.tree.currentIndex().data(DEFINITION).name == "join"
    assert shown(panel)[0] == installed().definitions["main.flow", "join"].display_title


def test_that_what_was_added_last_stands_first_unless_it_is_a_favourite(panel: PalettePanel) -> None:
    for method in (("main", "example"), ("main.flow", "join"), ("main.flow", "collect")):
        choose(panel, method)
        QTest.keyClick(panel.tree, Qt.Key.Key_Return)
    panel.marks.toggle_favourite(("main.flow", "collect"))
    assert groups_of(panel)[:2] == ["Favourites", "Recent"]
    names = [
        definition.display_title for definition in (installed().definitions[each] for each in [("main.flow", "join"), ("main", "example")])
    ]
    assert shown(panel)[1:3] == names


def test_that_a_filter_hides_favourites_and_recent(panel: PalettePanel) -> None:
    panel.marks.toggle_favourite(("main.flow", "join"))
    panel.filter.setText("join")
    assert "Favourites" not in groups_of(panel)


def test_that_favourites_are_remembered_and_spoiled_settings_are_not_believed(tmp_path: Path) -> None:
    settings = QSettings(str(tmp_path / "some.ini"), QSettings.Format.IniFormat)
    Marks(settings).toggle_favourite(("main.flow", "join"))
    assert Marks(settings).favourites == [("main.flow", "join")]
    for spoiled in ("{", "7", '[["a"], 3, ["a", 1], ["a", "b"]]'):
        settings.setValue("palette/favourites", spoiled)
        assert Marks(settings).favourites in ([], [("a", "b")])

"""New from template."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QListView, QPushButton

import ephemeral_gui
from engine.catalog.examples import list_examples
from ephemeral_gui.welcome.gallery import Gallery
from ephemeral_gui.widgets.theme import Appearance

if TYPE_CHECKING:
    from ephemeral_gui.main_window.window import MainWindow


@pytest.fixture
def window(qapp: object) -> MainWindow:
    return ephemeral_gui.open_window()


@pytest.fixture
def gallery(window: MainWindow) -> Gallery:
    window.actions_by_id["file.new_from_template"].trigger()
    found = window.findChild(QDialog, "gallery")
    assert isinstance(found, Gallery)
    return found


def titles(gallery: Gallery) -> list[str]:
    model = gallery.findChild(QListView, "templates.list").model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def words(gallery: Gallery, name: str) -> str:
    return gallery.findChild(QLabel, f"templates.{name}").text()


def type_in(gallery: Gallery, text: str) -> QLineEdit:
    field = gallery.findChild(QLineEdit, "templates.filter")
    QTest.keyClicks(field, text)
    return field


def test_that_the_gallery_offers_the_empty_map_and_every_example_the_simplest_first(gallery: Gallery) -> None:
    assert titles(gallery) == ["Empty job map", *(example.title for example in list_examples())]
    assert words(gallery, "title") == "Empty job map"


def test_that_there_is_one_gallery_and_it_waits_for_no_answer(window: MainWindow, gallery: Gallery) -> None:
    window.actions_by_id["file.new_from_template"].trigger()
    assert window.findChildren(QDialog, "gallery") == [gallery]
    assert gallery.isVisible()


def test_that_what_is_typed_is_searched_in_titles_descriptions_and_namespaces(gallery: Gallery) -> None:
    type_in(gallery, "netcdf dask")
    assert titles(gallery) == ["Dask and xarray"]
    assert words(gallery, "title") == "Dask and xarray"
    assert words(gallery, "description").startswith("A NetCDF file of 240 years")


def test_that_nothing_found_is_said_and_nothing_can_be_opened(gallery: Gallery) -> None:
    type_in(gallery, "no such template")
    assert gallery.findChild(QLabel, "templates.none").isVisibleTo(gallery)
    assert not gallery.findChild(QPushButton, "templates.open").isEnabled()


def test_that_arrows_choose_while_the_words_keep_the_keyboard_and_enter_opens_a_copy(window: MainWindow, gallery: Gallery) -> None:
    field = type_in(gallery, "")
    for _ in range(3):
        QTest.keyClick(field, Qt.Key.Key_Down)
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert words(gallery, "title") == titles(gallery)[2]
    chosen = titles(gallery)[2]
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert window.document is not None
    assert window.document.job_map.name == chosen
    assert window.document.path is None
    assert not gallery.isVisible()


def test_that_the_first_one_is_a_new_job_map(window: MainWindow, gallery: Gallery) -> None:
    QTest.keyClick(type_in(gallery, ""), Qt.Key.Key_Return)
    assert window.document is not None
    assert [task.type.value for task in window.document.job_map.tasks] == ["input", "output"]


def test_that_a_double_click_opens_a_copy(window: MainWindow, gallery: Gallery) -> None:
    type_in(gallery, "branching")
    chosen = gallery.findChild(QListView, "templates.list")
    chosen.doubleClicked.emit(chosen.currentIndex())
    assert window.document is not None
    assert window.document.job_map.name == "Branching strings"


def test_that_escape_opens_nothing(window: MainWindow, gallery: Gallery) -> None:
    QTest.keyClick(gallery, Qt.Key.Key_Escape)
    assert not gallery.isVisible()
    assert window.document is None


def test_that_a_picture_is_drawn_once_in_each_theme(window: MainWindow, gallery: Gallery) -> None:
    type_in(gallery, "branching")
    window.look.choose(Appearance.DARK)
    dark = gallery._image(gallery._templates[3])
    assert gallery._image(gallery._templates[3]) is dark
    window.look.choose(Appearance.LIGHT)
    assert gallery._image(gallery._templates[3]).pixelColor(0, 0) != dark.pixelColor(0, 0)
    window.look.choose(Appearance.SYSTEM)

"""Notes and frames: added, edited in place, carried, sized, copied, and shown without harm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject, QPointF, QRectF, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication, QImage, QPainter

from engine.files import dump_job_map
from engine.model.editing import move_tasks, rename_task
from ephemeral_gui.canvas.annotation_edits import AnnotationKey, AnnotationKind, with_frame, with_note, with_text
from ephemeral_gui.canvas.note_text import NoteText, openable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import Any

    from engine.model.job_map import JobMap
    from ephemeral_gui.canvas.annotation_item import AnnotationItem

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NOTE = AnnotationKey(AnnotationKind.NOTE, 0)
FRAME = AnnotationKey(AnnotationKind.FRAME, 0)


def note_of(hands: Any, key: AnnotationKey = NOTE) -> AnnotationItem:
    item: AnnotationItem = hands.viewer.projection.annotations.items[key]
    return item


@pytest.fixture
def noted(open_canvas: Callable[[JobMap], Any], small_map: JobMap) -> Any:
    """The small map with a note far below everything."""
    return open_canvas(
        with_note(small_map, "Read **me**, see [the page](https://example.org/a) or [a file](file:///etc/passwd)", (-320.0, 240.0))
    )


@pytest.fixture
def framed(open_canvas: Callable[[JobMap], Any], small_map: JobMap) -> Any:
    hands = open_canvas(small_map)
    hands.canvas.select([hands.key_of("read"), hands.key_of("split")])
    hands.type_keys(Qt.Key.Key_G, CONTROL)
    hands.type_text("First part")
    hands.type_keys(Qt.Key.Key_Return)
    return hands


def test_that_n_adds_a_note_whose_text_is_typed_in_place(hands: Any) -> None:
    before = hands.document.job_map
    hands.type_keys(Qt.Key.Key_N)
    hands.type_text("why this is so")
    hands.type_keys(Qt.Key.Key_Return, CONTROL)
    assert [note.text for note in hands.document.job_map.layout.notes] == ["why this is so"]
    assert hands.viewer.hasFocus()
    assert hands.document.undo_stack.undoText() == "Add note"
    hands.document.undo_stack.undo()
    assert hands.document.job_map is before
    assert not hands.viewer.projection.annotations.items


def test_that_a_frame_and_its_title_are_one_step(framed: Any) -> None:
    assert framed.document.undo_stack.undoText() == "Add frame"
    framed.document.undo_stack.undo()
    assert framed.document.job_map.layout.frames == ()


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Return])
def test_that_a_new_note_without_text_leaves_nothing_behind(hands: Any, key: Qt.Key) -> None:
    before = hands.document.job_map
    hands.type_keys(Qt.Key.Key_N)
    hands.type_keys(key, CONTROL if key == Qt.Key.Key_Return else Qt.KeyboardModifier.NoModifier)
    assert hands.document.job_map is before
    assert not hands.document.undo_stack.canUndo()


def test_that_escape_keeps_what_was_typed_into_a_new_note(hands: Any) -> None:
    hands.type_keys(Qt.Key.Key_N)
    hands.type_text("a long thought")
    hands.type_keys(Qt.Key.Key_Escape)
    assert [note.text for note in hands.document.job_map.layout.notes] == ["a long thought"]


def test_that_a_text_is_a_step_of_its_own_where_something_else_was_done_since(hands: Any) -> None:
    hands.type_keys(Qt.Key.Key_N)
    hands.type_text("why")
    hands.document.change("Rename", rename_task(hands.document.job_map, hands.key_of("read"), "reader"))
    hands.type_keys(Qt.Key.Key_Return, CONTROL)
    assert [hands.document.undo_stack.text(step) for step in range(hands.steps)] == ["Add note", "Rename", "Edit note"]


def test_that_a_note_is_edited_where_all_of_it_is_seen(noted: Any) -> None:
    noted.viewer.look_at(QPointF(-320.0, -140.0), 1.0)
    assert not noted.viewer.visible_rect.contains(note_of(noted).body)
    noted.viewer.choose((), annotations=[NOTE])
    noted.type_keys(Qt.Key.Key_F2)
    assert noted.viewport.rect().contains(noted.canvas.annotating.field.geometry())


def test_that_a_title_is_typed_in_a_field_as_high_as_a_line(framed: Any) -> None:
    framed.viewer.choose((), annotations=[FRAME])
    framed.type_keys(Qt.Key.Key_F2)
    field = framed.canvas.annotating.field
    assert field.height() - field.fontMetrics().height() <= 8
    framed.type_keys(Qt.Key.Key_Escape)


def test_that_frames_and_notes_follow_the_tasks_that_are_arranged(open_canvas: Callable[[JobMap], Any], small_map: JobMap) -> None:
    far = {"read": (900.0, 900.0), "split": (900.0, 1100.0)}
    boxes = [QRectF(*place, 152, 100) for place in far.values()]
    job_map = with_note(with_frame(move_tasks(small_map, far), "Two", boxes), "beside read", (1100.0, 900.0))
    hands = open_canvas(job_map)
    before = note_of(hands).body.topLeft() - hands.item("read").pos()
    hands.canvas.arrange()
    body = note_of(hands, FRAME).body
    assert body.contains(hands.item("read").body)
    assert body.contains(hands.item("split").body)
    assert note_of(hands).body.topLeft() - hands.item("read").pos() == before
    assert hands.steps == 1
    hands.document.undo_stack.undo()
    assert hands.document.job_map is job_map


def test_that_arranging_some_tasks_moves_no_frame_around_others(framed: Any) -> None:
    frame = framed.document.job_map.layout.frames
    framed.canvas.select([framed.key_of("count"), framed.key_of("double"), framed.key_of("out")])
    framed.canvas.arranging.arrange_selection()
    assert framed.document.undo_stack.undoText() == "Arrange selection"
    assert framed.document.job_map.layout.frames == frame


def test_that_escape_keeps_the_text_of_a_note_as_it_was(noted: Any) -> None:
    before = noted.document.job_map
    noted.double_click(note_of(noted).body.center())
    noted.type_text("something else")
    noted.type_keys(Qt.Key.Key_Escape)
    assert noted.document.job_map is before


def test_that_leaving_the_field_keeps_the_text(noted: Any) -> None:
    noted.double_click(note_of(noted).body.center())
    noted.type_text("said")
    noted.click(QPointF(0, 380))
    assert noted.document.job_map.layout.notes[0].text == "said"


def test_that_a_note_is_carried_on_the_grid_in_one_step(noted: Any) -> None:
    start = note_of(noted).body.center()
    noted.drag(start, start + QPointF(61, 35))
    assert noted.document.job_map.layout.notes[0].position == (-256.0, 272.0)
    assert noted.steps == 1
    noted.assert_mirrors_document()


def test_that_the_corner_makes_a_note_larger_but_never_too_small_to_reach(noted: Any) -> None:
    corner = note_of(noted).body.bottomRight() - QPointF(4, 4)
    noted.drag(corner, corner + QPointF(64, 32))
    assert noted.document.job_map.layout.notes[0].size == (288.0, 128.0)
    corner = note_of(noted).body.bottomRight() - QPointF(4, 4)
    noted.drag(corner, corner - QPointF(500, 500))
    assert noted.document.job_map.layout.notes[0].size == (64.0, 32.0)


def test_that_escape_during_a_drag_leaves_a_note_where_it_was(noted: Any) -> None:
    before = note_of(noted).body
    noted.press(before.center())
    noted.move(before.center() + QPointF(100, 0))
    noted.type_keys(Qt.Key.Key_Escape)
    noted.release(before.center() + QPointF(100, 0))
    assert note_of(noted).body == before
    assert noted.steps == 0


def test_that_a_frame_stands_around_the_selection_and_has_a_title(framed: Any) -> None:
    frame = framed.document.job_map.layout.frames[0]
    body = note_of(framed, FRAME).body
    assert frame.title == "First part"
    assert body.contains(framed.item("read").body)
    assert body.contains(framed.item("split").body)
    assert not body.contains(framed.item("count").body)


def test_that_a_frame_takes_along_the_tasks_in_it_in_one_step(framed: Any) -> None:
    steps, before = framed.steps, {name: framed.item(name).pos() for name in ("in", "read", "split", "count")}
    title = note_of(framed, FRAME).body.topLeft() + QPointF(100, 12)
    framed.drag(title, title + QPointF(0, 160))
    moved = {name: framed.item(name).pos() - place for name, place in before.items()}
    assert moved == {"in": QPointF(0, 0), "read": QPointF(0, 160), "split": QPointF(0, 160), "count": QPointF(0, 0)}
    assert framed.steps == steps + 1
    assert framed.document.undo_stack.undoText() == "Move frame"
    framed.assert_mirrors_document()
    framed.document.undo_stack.undo()
    framed.assert_mirrors_document()


def test_that_a_band_can_be_drawn_inside_a_frame(framed: Any) -> None:
    body = framed.item("read").body
    framed.drag(body.topLeft() - QPointF(14, 14), body.topLeft() + QPointF(20, 20))
    assert framed.canvas.selected_keys() == [framed.key_of("read")]


def test_that_delete_removes_the_selected_note_and_not_the_tasks(noted: Any) -> None:
    noted.click(note_of(noted).body.topLeft() + QPointF(4, 60))
    noted.type_keys(Qt.Key.Key_Delete)
    assert noted.document.job_map.layout.notes == ()
    assert len(noted.document.job_map.tasks) == 6
    noted.document.undo_stack.undo()
    assert len(noted.document.job_map.layout.notes) == 1


def test_that_f2_edits_the_selected_note(noted: Any) -> None:
    noted.click(note_of(noted).body.topLeft() + QPointF(4, 60))
    noted.type_keys(Qt.Key.Key_F2)
    assert noted.canvas.annotating.field.isVisible()
    noted.type_keys(Qt.Key.Key_Escape)


def test_that_a_whole_map_is_pasted_with_its_notes_and_frames(framed: Any, open_canvas: Callable[[JobMap], Any]) -> None:
    QGuiApplication.clipboard().setText(dump_job_map(with_note(framed.document.job_map, "kept", (0.0, 200.0))))
    framed.canvas.paste()
    layout = framed.document.job_map.layout
    assert [frame.title for frame in layout.frames] == ["First part", "First part"]
    assert [note.text for note in layout.notes] == ["kept"]
    assert "read 2" in framed.document.job_map.by_name
    framed.assert_mirrors_document()


def test_that_a_note_alone_is_copied_and_pasted(noted: Any) -> None:
    noted.click(note_of(noted).body.topLeft() + QPointF(4, 60))
    noted.canvas.copy()
    noted.canvas.paste()
    assert len(noted.document.job_map.layout.notes) == 2
    assert len(noted.document.job_map.tasks) == 6
    assert noted.refusals == []


def names_of(hands: Any) -> set[str]:
    return {hands.document.job_map.by_key[key].name for key in hands.canvas.selected_keys()}


@pytest.mark.parametrize("keys", [CONTROL, SHIFT])
def test_that_a_note_is_selected_beside_tasks_and_let_go_again(noted: Any, keys: Qt.KeyboardModifier) -> None:
    noted.click(noted.title("split"))
    noted.click(QPointF(-300, 300), keys)
    assert (names_of(noted), note_of(noted).is_chosen) == ({"split"}, True)
    noted.click(noted.title("count"), keys)
    assert (names_of(noted), note_of(noted).is_chosen) == ({"split", "count"}, True)
    noted.click(QPointF(-300, 300), keys)
    assert (names_of(noted), note_of(noted).is_chosen) == ({"split", "count"}, False)


def test_that_a_band_selects_the_notes_that_it_holds_whole(noted: Any) -> None:
    noted.drag(QPointF(-340, 380), QPointF(-60, -20))
    assert (names_of(noted), note_of(noted).is_chosen) == ({"read", "split"}, True)
    noted.drag(QPointF(-340, 380), QPointF(-200, 100))
    assert not note_of(noted).is_chosen


@pytest.mark.parametrize("held", [QPointF(-300, 300), QPointF(-98, 16)], ids=["the note", "a task"])
def test_that_notes_and_tasks_selected_together_move_together_in_one_step(noted: Any, held: QPointF) -> None:
    noted.click(noted.title("split"))
    noted.click(QPointF(-300, 300), CONTROL)
    noted.drag(held, held + QPointF(64, 160))
    layout = noted.document.job_map.layout
    assert (layout.positions["split"], layout.notes[0].position) == ((-64.0, 160.0), (-256.0, 400.0))
    assert noted.document.undo_stack.undoText() == "Move selection"
    assert (noted.steps, names_of(noted), note_of(noted).is_chosen) == (1, {"split"}, True)
    noted.document.undo_stack.undo()
    noted.assert_mirrors_document()
    noted.click(held)
    assert len(noted.canvas.selected_keys()) + note_of(noted).is_chosen == 1


def test_that_select_all_takes_notes_and_frames_along_as_copy_and_delete_do(framed: Any) -> None:
    framed.type_keys(Qt.Key.Key_A, CONTROL)
    framed.type_keys(Qt.Key.Key_X, CONTROL)
    assert (framed.document.job_map.tasks, framed.document.job_map.layout.frames) == ((), ())
    framed.type_keys(Qt.Key.Key_V, CONTROL)
    assert len(framed.canvas.selected_keys()) == 6
    assert note_of(framed, FRAME).is_chosen


def test_that_the_note_after_one_that_was_deleted_is_not_selected_in_its_stead(
    open_canvas: Callable[[JobMap], Any], small_map: JobMap
) -> None:
    hands = open_canvas(with_note(with_note(small_map, "first", (-320.0, 240.0)), "second", (0.0, 240.0)))
    hands.click(QPointF(-300, 300))
    hands.type_keys(Qt.Key.Key_Delete)
    hands.type_keys(Qt.Key.Key_Delete)
    assert [note.text for note in hands.document.job_map.layout.notes] == ["second"]


def test_that_the_engine_s_part_of_the_map_does_not_change(noted: Any) -> None:
    job_map = noted.document.job_map
    changed = with_text(job_map, NOTE, "other words")
    assert (changed.tasks, changed.workflow, changed.datasource, changed.extra) == (
        job_map.tasks,
        job_map.workflow,
        job_map.datasource,
        job_map.extra,
    )


class Opened(QObject):
    """Takes web addresses in the browser's place."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self.addresses.append(url.toString())


@pytest.fixture
def opened() -> Iterator[Opened]:
    receiver = Opened()
    for scheme in ("https", "http", "file"):
        QDesktopServices.setUrlHandler(scheme, receiver, "take")  # type: ignore[arg-type]  # the stub asks for bytes, the binding for text
    yield receiver
    for scheme in ("https", "http", "file"):
        QDesktopServices.unsetUrlHandler(scheme)


def _link_place(item: AnnotationItem, link: str) -> QPointF:
    corner = item.body.topLeft()
    grid = (corner + QPointF(across, down) for down in range(14, 90, 4) for across in range(14, 210, 4))
    return next(point for point in grid if item.link_at(point) == link)


def test_that_a_click_on_a_web_link_opens_it_and_nothing_else_is_ever_opened(noted: Any, opened: Opened) -> None:
    item = note_of(noted)
    noted.canvas.grab()
    assert opened.addresses == []
    noted.click(_link_place(item, "https://example.org/a"))
    assert opened.addresses == ["https://example.org/a"]
    noted.click(_link_place(item, "file:///etc/passwd"))
    assert opened.addresses == ["https://example.org/a"]
    assert noted.refusals == ["Only web addresses are opened, not “file:///etc/passwd”"]


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "file:///a", "ftp://a/b", "data:text/html,x", "//host/x", "relative", "https:", ""]
)
def test_that_only_whole_web_addresses_are_openable(link: str) -> None:
    assert openable(link) is None


@pytest.mark.parametrize(
    "words",
    [
        "![a]({path})",
        "![a][b]\n\n[b]: {path}",
        '<img src="{path}">',
        "[![a]({path})](https://example.org)",
        "!\n[a]({path})",
        '<table background="{path}"><tr><td>x</td></tr></table>',
    ],
)
def test_that_no_picture_is_read_for_a_note(tmp_path: Path, words: str, qapp: object) -> None:
    red = QImage(40, 40, QImage.Format.Format_RGB32)
    red.fill(Qt.GlobalColor.red)
    red.save(str(tmp_path / "red.png"))
    text = NoteText(words.format(path=(tmp_path / "red.png").as_posix()), 200, "#00ff00")
    picture = QImage(200, 200, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.white)
    painter = QPainter(picture)
    text.drawContents(painter)
    painter.end()
    assert not any(picture.pixelColor(x, y) == red.pixelColor(0, 0) for x in range(0, 200, 2) for y in range(0, 200, 2))

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QWidget
from typing_extensions import override

from engine.execution.progress import ProgressSnapshot, RunStatus, TaskProgress, TaskState
from engine.model import editing
from engine.model.job_map import Collect, Datasource, Join, OnError
from engine.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

HOSTILE = '<img src="file:///etc/passwd"><b>x</b>'


def label(desk: Any, name: str) -> str:
    text: str = desk.control(name, QLabel).text()
    return text


def test_that_nothing_selected_shows_the_job(desk: Any) -> None:
    desk.panel.show_selection([])
    assert desk.control("hint", QWidget).isVisibleTo(desk.panel)
    name = desk.control("name", QLineEdit)
    assert name.text() == "Job"
    QTest.keyClicks(name, "s")
    assert desk.document.job_map.name in ("Jobs", "sJob")
    QTest.keyClicks(desk.control("job.description", QPlainTextEdit), "What")
    assert desk.document.job_map.description == "What"
    QTest.keyClicks(desk.control("job.max_concurrent", QLineEdit), "7")
    QTest.keyClick(desk.control("job.fail_fast", QCheckBox), Qt.Key.Key_Space)
    assert (desk.document.job_map.policy.max_concurrent, desk.document.job_map.policy.fail_fast) == (7, True)


def test_that_several_selected_are_counted(desk: Any) -> None:
    desk.select("in", "out")
    assert "2 tasks selected" in [each.text() for each in desk.panel.findChildren(QLabel)]


def test_that_no_document_leaves_only_the_hint(desk: Any) -> None:
    desk.panel.show_document(None, None)
    assert desk.control("hint", QWidget).isVisibleTo(desk.panel)


def test_that_a_task_is_renamed_with_its_wires_while_typing(desk: Any) -> None:
    name = desk.control("name", QLineEdit)
    name.setFocus()
    name.end(False)  # noqa: FBT003  Qt's own signature
    QTest.keyClicks(name, " 2")
    assert desk.document.job_map.workflow == (("in", "work 2"), ("work 2", "out"))
    assert desk.control("name", QLineEdit) is name
    assert desk.steps() == 1


@pytest.mark.parametrize(("typed", "reason"), [("out", "Another task has this name."), ("", "A task needs a name.")])
def test_that_a_name_that_cannot_be_is_refused_in_words(desk: Any, typed: str, reason: str) -> None:
    name = desk.control("name", QLineEdit)
    name.selectAll()
    QTest.keyClick(name, Qt.Key.Key_Delete)
    name.setText(typed)
    name.textEdited.emit(typed)
    assert label(desk, "name.error") == reason
    assert "out" in desk.document.job_map.by_name
    assert len(desk.document.job_map.by_name) == 3


def test_that_sections_are_folded_with_a_summary(desk_of: Callable[..., Any]) -> None:
    desk = desk_of({})
    header = desk.control("section.policy", QPushButton)
    assert header.accessibleDescription() == "Default"
    assert not desk.panel.findChildren(QLineEdit, "policy.retries")
    QTest.mouseClick(header, Qt.MouseButton.LeftButton)
    QTest.keyClicks(desk.control("policy.retries", QLineEdit), "1")
    QTest.keyClicks(desk.control("policy.timeout", QLineEdit), "60")
    assert header.accessibleDescription() == "1 retry, 60 s limit"
    box = desk.control("policy.on_error", QComboBox)
    assert box.placeholderText() == "Other branches go on, by default"
    assert desk.control("policy.runs", QComboBox).placeholderText() == "Event loop, by default"
    QTest.keyClick(box, Qt.Key.Key_End)
    policy = desk.task().policy
    assert (policy.retries, policy.timeout, policy.on_error) == (1, 60, OnError.STOP)
    assert header.accessibleDescription() == "1 retry, 60 s limit, stop the run"


def test_that_a_problem_of_a_folded_section_stands_at_its_field(desk: Any) -> None:
    desk.panel.show_problems([Problem("wrong", "expected at least 0, got -1", "/tasks/1/policy/retries", "work")])
    desk.control("section.policy", QPushButton).click()
    assert label(desk, "policy.retries.error") == "Expected at least 0, got -1."


def test_that_join_is_chosen(desk: Any) -> None:
    desk.control("section.join", QPushButton).click()
    QTest.keyClick(desk.control("join", QComboBox), Qt.Key.Key_End)
    assert desk.task().join is Join.ANY
    assert desk.control("section.join", QPushButton).accessibleDescription() == "Run for each parent"


def test_that_collect_is_switched_on_and_told_over_what(desk: Any) -> None:
    desk.control("section.collect", QPushButton).click()
    over = desk.control("collect.over", QComboBox)
    assert not over.isVisibleTo(desk.panel)
    box = desk.control("collect", QCheckBox)
    QTest.keyClick(box, Qt.Key.Key_Space)
    assert desk.task().collect == Collect()
    assert over.isVisibleTo(desk.panel)
    QTest.keyClick(over, Qt.Key.Key_Down)
    assert desk.task().collect == Collect(over="in")
    assert desk.control("section.collect", QPushButton).accessibleDescription() == "All branches of in"
    QTest.keyClick(box, Qt.Key.Key_Space)
    assert desk.task().collect is None


def test_that_a_description_is_written_and_taken_away(desk: Any) -> None:
    desk.control("section.description", QPushButton).click()
    area = desk.control("description", QPlainTextEdit)
    QTest.keyClicks(area, "My own")
    assert desk.task().description == "My own"
    area.clear()
    assert desk.task().description is None


def test_that_the_running_task_tells_state_and_branches(desk: Any) -> None:
    work = TaskProgress("work", TaskState.RUNNING, running=1, succeeded=2, failed=1, first_start=0.1, busy_seconds=8.4)
    desk.panel.show_progress(ProgressSnapshot("run", RunStatus.RUNNING, 9.0, {"work": work}))
    assert (label(desk, "state"), label(desk, "state.counts")) == ("Running", "3 of 4 ended, 1 failed")
    assert [label(desk, f"branches.{state}") for state in ("done", "running", "failed")] == ["2", "1", "1"]
    assert desk.control("next_run", QWidget).isVisibleTo(desk.panel)
    desk.panel.show_progress(None)
    assert not desk.control("next_run", QWidget).isVisibleTo(desk.panel)


def test_that_a_task_without_a_method_keeps_and_shows_its_data(desk_of: Callable[..., Any]) -> None:
    desk = desk_of({"depth": [1, 2]}, method="drw")
    assert label(desk, "state") == "Method not found"
    assert label(desk, "about").startswith("plots.drw is not installed here.")
    assert desk.control("argument.depth", QPlainTextEdit).toPlainText() == "[1, 2]"
    desk.panel.show_problems([Problem("unknown-method", "plots.drw is not installed", "/tasks/1", "work", hint="did you mean 'draw'?")])
    QTest.mouseClick(desk.control("trouble.mend", QPushButton), Qt.MouseButton.LeftButton)
    assert desk.task().method == "draw"
    assert desk.task().init_args == {"depth": [1, 2]}
    assert desk.control("argument.variable", QLineEdit).isVisibleTo(desk.panel)


def test_that_a_problem_of_the_whole_task_stands_at_the_top(desk: Any) -> None:
    desk.panel.show_problems([Problem("cycle", "work is part of a cycle", "/workflow/1", "work")])
    assert "work is part of a cycle" in label(desk, "trouble").casefold()


def test_that_the_datasource_is_edited_as_json(desk: Any) -> None:
    desk.select("in")
    area = desk.control("datasource.content", QPlainTextEdit)
    area.setPlainText('[{"input": "a"}, {"input": "b"}]')
    assert desk.document.job_map.datasource == Datasource("direct", {"content": [{"input": "a"}, {"input": "b"}]})
    area.setPlainText("[{")
    assert label(desk, "datasource.content.error").startswith("Not JSON yet")
    assert desk.document.job_map.datasource.options["content"] == [{"input": "a"}, {"input": "b"}]


def test_that_the_kind_of_datasource_changes_and_comes_back_with_its_keys(desk: Any) -> None:
    desk.select("in")
    QTest.keyClick(desk.control("datasource.source", QComboBox), Qt.Key.Key_Down)
    assert desk.document.job_map.datasource.source == "file"
    QTest.keyClicks(desk.control("datasource.path", QLineEdit), "data.csv")
    assert desk.document.job_map.datasource.options == {"path": "data.csv"}
    QTest.keyClick(desk.control("datasource.source", QComboBox), Qt.Key.Key_Up)
    assert desk.document.job_map.datasource == Datasource("direct", {"content": {"input": "x"}})


def test_that_an_unknown_datasource_keeps_its_keys(desk_of: Callable[..., Any]) -> None:
    desk = desk_of(source=Datasource("kafka", {"topic": "sea"}))
    desk.select("in")
    assert desk.control("datasource.source", QComboBox).currentText() == "kafka"
    assert desk.control("datasource.keys", QPlainTextEdit).toPlainText() == '{"topic": "sea"}'
    assert desk.steps() == 0


def test_that_a_problem_of_the_datasource_stands_at_its_field(desk: Any) -> None:
    desk.select("in")
    desk.panel.show_problems([Problem("wrong-type", "the content must be an object", "/datasource/content")])
    assert label(desk, "datasource.content.error") == "The content must be an object."


def test_that_an_output_has_an_id(desk: Any) -> None:
    desk.select("out")
    QTest.keyClicks(desk.control("id", QLineEdit), "report")
    assert desk.task("out").id == "report"


def test_that_no_part_of_a_page_ever_opens_as_a_window(desk: Any, qapp: QApplication) -> None:
    class Watch(QObject):
        seen: ClassVar[list[str]] = []

        @override
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
                self.seen.append(repr(watched))
            return False

    watch = Watch()
    qapp.installEventFilter(watch)
    for names in (["in"], ["work"], ["out"], [], ["work"]):
        desk.select(*names)
    qapp.removeEventFilter(watch)
    assert watch.seen == []


def test_that_looking_changes_nothing(desk: Any) -> None:
    for names in (["in"], ["work"], ["out"], [], ["in", "out"]):
        desk.select(*names)
        desk.panel.show_problems([])
    assert desk.steps() == 0


def test_that_a_task_that_is_deleted_while_shown_gives_way_to_the_job(desk: Any) -> None:
    desk.document.change("Delete", editing.remove_tasks(desk.document.job_map, [desk.task().key]))
    assert desk.control("hint", QWidget).isVisibleTo(desk.panel)
    desk.document.undo_stack.undo()
    assert desk.control("argument.variable", QLineEdit).text() == "temperature"


def test_that_text_from_the_job_map_is_never_read_as_html(desk_of: Callable[..., Any]) -> None:
    desk = desk_of({HOSTILE: HOSTILE, "variable": HOSTILE}, description=HOSTILE, method=HOSTILE)
    desk.panel.show_problems(
        [Problem("a", HOSTILE, f"/tasks/1/init_args/{HOSTILE.replace('/', '~1')}", HOSTILE), Problem("b", HOSTILE, "/tasks/1")]
    )
    for names in (["work"], ["in"], []):
        desk.select(*names)
        for each in desk.panel.findChildren(QLabel):
            assert each.textFormat() is Qt.TextFormat.PlainText or not each.text()
            assert "<img" not in each.toolTip()

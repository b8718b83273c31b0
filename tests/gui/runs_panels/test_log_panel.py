from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from ephemeral_gui.runs.log_handler import MOST_LINES, LogLine
from ephemeral_gui.runs.log_panel import LogPanel
from ephemeral_gui.widgets.theme import Look

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


@pytest.fixture
def logger() -> Iterator[logging.Logger]:
    own = logging.Logger("engine.test", logging.WARNING)  # noqa: LOG001  one that no other test hears
    yield own
    assert own.handlers == []


@pytest.fixture
def panel(qtbot: QtBot, logger: logging.Logger) -> Iterator[LogPanel]:
    made = LogPanel(Look(), logger)
    qtbot.addWidget(made)
    yield made
    made.close_feed()


def lines(panel: LogPanel) -> list[str]:
    return [line[10:] for line in panel.text.toPlainText().splitlines()]


def test_that_a_record_is_shown_with_its_level(panel: LogPanel, logger: logging.Logger, qtbot: QtBot) -> None:
    logger.info("run started")
    qtbot.waitUntil(lambda: lines(panel) == ["INFO     run started"])


@pytest.mark.parametrize(
    ("branch", "words"), [((), "Draw"), ((("split", 3), ("windows", 0)), "Draw split[3]/windows[0]"), ("own", "Draw own")]
)
def test_that_what_a_task_says_names_task_and_branch(panel: LogPanel, logger: logging.Logger, branch: object, words: str) -> None:
    logger.info("%d rows", 3, extra={"task": "Draw", "branch": branch})
    panel.feed.flush()
    assert lines(panel) == [f"INFO     {words}: 3 rows"]


def test_that_the_last_line_stays_in_sight_when_the_panel_becomes_lower(panel: LogPanel, logger: logging.Logger, qtbot: QtBot) -> None:
    panel.resize(400, 800)
    panel.show()
    for number in range(100):
        logger.info("%d", number)
    panel.feed.flush()
    bar = panel.text.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0 and bar.value() == bar.maximum())
    highest = bar.maximum()
    panel.resize(400, 200)
    qtbot.waitUntil(lambda: bar.maximum() > highest and bar.value() == bar.maximum())


def test_that_who_scrolled_up_to_read_is_left_there(panel: LogPanel, logger: logging.Logger, qtbot: QtBot) -> None:
    panel.resize(400, 200)
    panel.show()
    for number in range(100):
        logger.info("%d", number)
    panel.feed.flush()
    bar = panel.text.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0 and bar.value() == bar.maximum())
    bar.setValue(5)
    logger.info("one more")
    panel.feed.flush()
    assert bar.value() == 5
    bar.setValue(bar.maximum())
    logger.info("and the last")
    panel.feed.flush()
    assert bar.value() == bar.maximum()


def test_that_html_is_shown_as_it_is(panel: LogPanel, logger: logging.Logger) -> None:
    logger.warning('<img src="file:///etc/passwd">')
    panel.feed.flush()
    assert lines(panel) == ['WARNING  <img src="file:///etc/passwd">']


def test_that_threads_may_log_and_the_window_hears_it_in_bundles(panel: LogPanel, logger: logging.Logger, qtbot: QtBot) -> None:
    bundles: list[list[LogLine]] = []
    panel.feed.arrived.connect(bundles.append)

    def talk(name: int) -> None:
        for number in range(250):
            logger.info("%d says %d", name, number)

    threads = [threading.Thread(target=talk, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    qtbot.waitUntil(lambda: sum(map(len, bundles)) == 1_000)
    assert len(bundles) < 20
    assert len(lines(panel)) == 1_000


def test_that_the_level_filters_what_came_before_too(panel: LogPanel, logger: logging.Logger) -> None:
    logger.info("one")
    logger.error("two")
    panel.feed.flush()
    panel.level.setCurrentIndex(panel.level.findData(logging.ERROR))
    assert lines(panel) == ["ERROR    two"]
    panel.level.setCurrentIndex(panel.level.findData(logging.INFO))
    assert len(lines(panel)) == 2


def test_that_no_more_than_ten_thousand_lines_are_kept(panel: LogPanel, logger: logging.Logger) -> None:
    for number in range(MOST_LINES + 50):
        logger.info("%d", number)
    panel.feed.flush()
    assert panel.text.document().blockCount() <= MOST_LINES
    assert panel.text.toPlainText().endswith(str(MOST_LINES + 49))


def test_that_a_message_of_ten_megabytes_is_cut(panel: LogPanel, logger: logging.Logger) -> None:
    logger.info("x" * 10_000_000)
    panel.feed.flush()
    assert len(panel.text.toPlainText()) < 25_000


def test_that_a_record_that_cannot_be_formatted_stops_nobody(
    panel: LogPanel, logger: logging.Logger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging, "raiseExceptions", False)
    logger.info("%d", "no number")
    logger.info("next")
    panel.feed.flush()
    assert lines(panel) == ["INFO     next"]


def test_that_other_libraries_are_heard_from_warnings_on(qtbot: QtBot) -> None:
    other = logging.Logger("matplotlib", logging.DEBUG)  # noqa: LOG001  the same
    panel = LogPanel(Look(), other)
    qtbot.addWidget(panel)
    other.info("quiet")
    for task in ("", "Map per season"):  # every record carries its task once a run was built, empty outside task bodies
        other.handle(
            logging.makeLogRecord({"name": "matplotlib", "levelno": logging.INFO, "levelname": "INFO", "msg": "spoken", "task": task})
        )
    other.warning("heard")
    panel.feed.flush()
    panel.close_feed()
    assert lines(panel) == ["INFO     Map per season: spoken", "WARNING  heard"]


def test_that_closing_leaves_the_logger_as_it_was(qtbot: QtBot, logger: logging.Logger) -> None:
    panel = LogPanel(Look(), logger)
    qtbot.addWidget(panel)
    panel.show()
    assert logger.level == logging.INFO
    panel.close()
    assert (logger.handlers, logger.level) == ([], logging.WARNING)
    panel.close_feed()


def test_that_clear_empties_it_for_good(panel: LogPanel, logger: logging.Logger) -> None:
    logger.info("gone")
    panel.feed.flush()
    clear = panel.findChild(QPushButton, "log.clear")
    assert clear is not None
    QTest.mouseClick(clear, Qt.MouseButton.LeftButton)
    panel.level.setCurrentIndex(0)
    assert lines(panel) == []


def test_that_records_of_many_lines_are_kept_up_to_the_same_number(panel: LogPanel, logger: logging.Logger) -> None:
    for number in range(MOST_LINES // 10):
        logger.info("%s", "\n".join(f"{number}.{each}" for each in range(20)))
    panel.feed.flush()
    assert panel.text.blockCount() == MOST_LINES
    assert panel.text.text.endswith(f"{MOST_LINES // 10 - 1}.19")

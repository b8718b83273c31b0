"""The document: one model, changed by undo commands alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.model.editing import describe, rename_task
from engine.model.job_map import empty_job_map, from_file
from ephemeral_gui.document.document import Document


@pytest.fixture
def document(qapp: object) -> Document:
    return Document(empty_job_map("first"))


def _named(document: Document, name: str) -> None:
    document.change(f"Rename to {name}", describe(document.job_map, name=name, description=None))


def test_that_a_change_can_be_undone_and_made_again(document: Document) -> None:
    before = document.job_map
    _named(document, "second")
    after = document.job_map
    document.undo_stack.undo()
    assert document.job_map is before
    document.undo_stack.redo()
    assert document.job_map is after


def test_that_every_step_is_announced(document: Document) -> None:
    seen: list[str] = []
    document.changed.connect(lambda: seen.append(document.job_map.name))
    _named(document, "second")
    document.undo_stack.undo()
    assert seen == ["second", "first"]


def test_that_a_change_to_the_same_leaves_no_trace(document: Document) -> None:
    _named(document, "first")
    assert document.undo_stack.count() == 0
    assert not document.modified


def test_that_typing_into_one_field_is_one_step(document: Document) -> None:
    for name in ("s", "se", "sec"):
        document.change("Rename the job", describe(document.job_map, name=name, description=None), merge="job name")
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    assert document.job_map.name == "first"


def test_that_a_task_keeps_its_identity_through_a_rename(document: Document) -> None:
    key = document.job_map.by_name["in"].key
    document.change("Rename", rename_task(document.job_map, key, "source"))
    assert document.job_map.by_key[key].name == "source"
    document.undo_stack.undo()
    assert document.job_map.by_key[key].name == "in"


def test_that_it_is_modified_until_it_is_saved_and_again_after_an_undo(document: Document) -> None:
    seen: list[bool] = []
    document.modified_changed.connect(seen.append)
    _named(document, "second")
    document.mark_saved(Path("/somewhere/job.json"))
    document.undo_stack.undo()
    assert seen == [True, False, True]
    assert document.modified


def test_that_relative_paths_refer_to_where_it_was_saved_last_also_after_an_undo(qapp: object) -> None:
    document = Document(from_file(empty_job_map("first"), Path("/old/job.json"), None))
    _named(document, "second")
    document.mark_saved(Path("/new/job.json"))
    assert document.job_map.folder == Path("/new")
    document.undo_stack.undo()
    assert document.job_map.folder == Path("/new")

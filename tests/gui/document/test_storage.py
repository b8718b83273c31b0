"""From a file to a document and back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from engine.catalog import Catalog, load_catalog
from engine.errors import EphemeralError, InputMissingError, JobMapError
from engine.model.editing import describe
from ephemeral_gui.document.storage import open_copy, open_document, save_document

if TYPE_CHECKING:
    from pathlib import Path

    from ephemeral_gui.document.document import Document

MAP: dict[str, Any] = {
    "name": "Read",
    "datasource": {"source": "file", "path": "data/rows.json"},
    "tasks": [{"name": "in", "type": "input", "colour": "unknown key"}, {"name": "out", "type": "output"}],
    "workflow": [["in", "out"]],
    "made_by": "another program",
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "project" / "job.json"
    path.parent.mkdir()
    path.write_text(json.dumps(MAP), encoding="utf-8")
    return path


@pytest.fixture
def catalog() -> Catalog:
    return load_catalog()


def _edit(document: Document) -> None:
    document.change("Rename", describe(document.job_map, name="Read again", description=None))


def test_that_saving_keeps_unknown_keys(qapp: object, file: Path, catalog: Catalog) -> None:
    document = open_document(file)
    _edit(document)
    save_document(document, file, catalog)
    assert json.loads(file.read_text("utf-8")) == {**MAP, "name": "Read again"}
    assert not document.modified


def test_that_saving_a_second_time_writes_the_same_bytes(qapp: object, file: Path, catalog: Catalog) -> None:
    document = open_document(file)
    save_document(document, file, catalog)
    once = file.read_bytes()
    save_document(open_document(file), file, catalog)
    assert file.read_bytes() == once


def test_that_a_copy_has_no_file_and_reads_beside_the_original(qapp: object, file: Path) -> None:
    document = open_copy(file)
    assert document.path is None
    assert document.job_map.folder == file.parent


def test_that_paths_name_the_same_files_after_saving_elsewhere(qapp: object, file: Path, tmp_path: Path, catalog: Catalog) -> None:
    document = open_copy(file)
    elsewhere = tmp_path / "elsewhere" / "copy.json"
    elsewhere.parent.mkdir()
    save_document(document, elsewhere, catalog)
    assert document.job_map.datasource.options["path"] == str(file.parent / "data" / "rows.json")
    above = tmp_path / "above.json"
    save_document(document, above, catalog)
    assert document.job_map.folder == tmp_path


def test_that_a_path_below_the_new_folder_stays_relative(qapp: object, file: Path, tmp_path: Path, catalog: Catalog) -> None:
    document = open_document(file)
    save_document(document, tmp_path / "job.json", catalog)
    assert document.job_map.datasource.options["path"] == "project/data/rows.json"


def test_that_a_failed_save_leaves_the_document_modified(qapp: object, file: Path, tmp_path: Path, catalog: Catalog) -> None:
    document = open_document(file)
    _edit(document)
    with pytest.raises(EphemeralError):
        save_document(document, tmp_path / "no such folder" / "job.json", catalog)
    assert document.modified
    assert document.path == file
    assert document.job_map.folder == file.parent


def test_that_what_is_no_job_map_is_refused_with_all_problems(qapp: object, tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_text('{"name": 1, "datasource": [], "tasks": {}, "workflow": []}', encoding="utf-8")
    with pytest.raises(JobMapError) as refused:
        open_document(path)
    assert {problem.pointer for problem in refused.value.problems} >= {"/name", "/datasource", "/tasks"}
    assert all(problem.line == 1 for problem in refused.value.problems)


def test_that_a_missing_file_is_named(qapp: object, tmp_path: Path) -> None:
    with pytest.raises(InputMissingError, match="gone"):
        open_document(tmp_path / "gone.json")

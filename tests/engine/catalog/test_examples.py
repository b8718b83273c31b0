"""The example jobs: listed with what a person wants to know, and copied whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engine import load_job_map
from engine.catalog.examples import copy_example, list_examples
from engine.errors import InputMissingError, OutputError

if TYPE_CHECKING:
    from pathlib import Path

    from engine.catalog.examples import Example

NAMES = [example.name for example in list_examples()]


@pytest.fixture(params=NAMES)
def example(request: pytest.FixtureRequest) -> Example:
    return next(example for example in list_examples() if example.name == request.param)


def test_that_the_simplest_example_comes_first_and_the_report_last() -> None:
    assert (NAMES[0], NAMES[-1]) == ("simple-example", "seasonal-sea-surface-report")


def test_that_an_example_says_what_it_is(example: Example) -> None:
    job_map = load_job_map(example.path)
    assert (example.title, example.description) == (job_map.name, job_map.description)
    assert example.title
    assert example.description
    assert example.task_count == len(job_map.tasks)
    assert example.output_count >= 1
    assert all(namespace.partition(".")[0] == "main" for namespace in example.namespaces)


def test_that_a_copy_is_the_same_job_with_its_data(example: Example, tmp_path: Path) -> None:
    copied = copy_example(example.name, tmp_path / "new" / "folder")
    assert copied == tmp_path / "new" / "folder" / "job.json"
    assert load_job_map(copied) == load_job_map(example.path)
    datasource = load_job_map(copied).datasource
    if datasource.source == "file":
        assert (copied.parent / str(datasource.options["path"])).is_file()


def test_that_what_an_example_must_give_is_not_copied(example: Example, tmp_path: Path) -> None:
    copied = copy_example(example.name, tmp_path)
    assert not [path for path in copied.parent.iterdir() if path.name.startswith("expected")]


def test_that_a_copy_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "job.json").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match=r"job\.json: is there already"):
        copy_example(NAMES[0], tmp_path)
    assert (tmp_path / "job.json").read_text(encoding="utf-8") == "mine"


def test_that_a_link_to_nowhere_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "job.json").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputError, match="is there already"):
        copy_example(NAMES[0], tmp_path)
    assert not (tmp_path / "elsewhere").exists()


def test_that_a_folder_that_cannot_be_made_is_an_error_with_its_path(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="file"):
        copy_example(NAMES[0], tmp_path / "file" / "folder")


@pytest.mark.parametrize(
    ("name", "hint"), [("simple-exampel", "did you mean 'simple-example'?"), ("../..", "there are: "), ("", "there are: ")]
)
def test_that_an_unknown_example_is_answered_with_the_known_ones(tmp_path: Path, name: str, hint: str) -> None:
    with pytest.raises(InputMissingError) as caught:
        copy_example(name, tmp_path)
    assert hint in str(caught.value)
    assert list(tmp_path.iterdir()) == []

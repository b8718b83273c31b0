from __future__ import annotations

import re
import threading
from pathlib import Path

import pytest

from engine.errors import OutputError
from engine.execution.output_folder import OutputFolder, safe_name


@pytest.fixture(autouse=True)
def current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_that_nothing_is_made_before_something_is_written(current_folder: Path) -> None:
    output = OutputFolder(None, "Sea report")
    output.check()
    OutputFolder(current_folder / "given" / "deep", "Sea report").check()
    assert output.made is None
    assert list(current_folder.iterdir()) == []


def test_that_the_folder_is_named_by_time_and_job_below_runs_in_the_current_folder(current_folder: Path) -> None:
    output = OutputFolder(None, "Sea report: 54 months")
    folder = output.path()
    assert folder == output.path() == output.made
    assert folder.parent == current_folder / "runs"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-Sea-report-54-months", folder.name)


def test_that_runs_of_one_second_get_folders_of_their_own() -> None:
    outputs = [OutputFolder(None, "job") for _ in range(20)]
    assert len({output.path() for output in outputs}) == 20


def test_that_threads_that_ask_at_once_get_one_folder() -> None:
    output = OutputFolder(None, "job")
    barrier = threading.Barrier(8)
    found: list[Path] = []

    def ask() -> None:
        barrier.wait()
        found.append(output.path())

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_that_a_given_folder_is_used_as_it_is(current_folder: Path) -> None:
    (current_folder / "out").mkdir()
    assert OutputFolder(Path("out"), "job").path() == current_folder / "out"
    assert OutputFolder(Path("new/deep"), "job").path() == current_folder / "new" / "deep"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Éphémère 2", "Éphémère-2"),
        ("../../etc", "etc"),
        ("a/b\\c:d\0e\nf", "a-b-c-d-e-f"),
        ("", "job"),
        ("///", "job"),
        ("CON", "_CON"),
        ("x" * 300, "x" * 60),
    ],
)
def test_that_any_name_of_a_job_is_safe_as_that_of_a_folder(text: str, name: str) -> None:
    assert safe_name(text) == name


def test_that_file_paths_get_their_parent_folders(current_folder: Path) -> None:
    output = OutputFolder(Path("out"), "job")
    path = output.file_path("maps/spring.png")
    assert path == current_folder / "out" / "maps" / "spring.png"
    assert path.parent.is_dir()


@pytest.mark.parametrize("relative", ["", ".", "/etc/passwd", "../x", "a/../../x", "link/x"])
def test_that_no_file_path_leads_out(current_folder: Path, relative: str) -> None:
    output = OutputFolder(Path("out"), "job")
    (output.path() / "link").symlink_to(current_folder)
    with pytest.raises(ValueError, match="output folder"):
        output.file_path(relative)


def test_that_a_folder_that_cannot_be_made_is_named(current_folder: Path) -> None:
    (current_folder / "file").touch()
    output = OutputFolder(Path("file/out"), "job")
    with pytest.raises(OutputError, match="file is no folder"):
        output.check()
    with pytest.raises(OutputError, match="cannot be made"):
        output.path()
    (current_folder / "runs").touch()
    with pytest.raises(OutputError, match="runs"):
        OutputFolder(None, "job").path()


def test_that_a_file_belongs_to_the_invocation_that_asked_first(current_folder: Path) -> None:
    output = OutputFolder(current_folder, "job")
    first = output.new_file_path("maps/map.png", "draw", "split[0]")
    assert output.new_file_path("maps/map.png", "draw", "split[0]") == first  # a retry
    for other in ("maps/map.png", "maps/./map.png", "maps//map.png"):
        with pytest.raises(ValueError, match=r"was written in this run already by 'draw' on branch 'split\[0\]': each branch needs"):
            output.new_file_path(other, "draw", "split[1]")
    with pytest.raises(ValueError, match="already by 'draw'"):
        output.new_file_path("maps/map.png", "other", "split[0]")
    assert output.new_file_path("maps/map-1.png", "draw", "split[1]").name == "map-1.png"


def test_that_what_an_earlier_run_left_in_a_given_folder_is_replaced(current_folder: Path) -> None:
    (current_folder / "map.png").write_bytes(b"old")
    assert OutputFolder(current_folder, "job").new_file_path("map.png", "draw", "").exists()


def test_that_new_files_stay_in_the_folder_too(current_folder: Path) -> None:
    with pytest.raises(ValueError, match="is no path in the output folder"):
        OutputFolder(current_folder, "job").new_file_path("../map.png", "draw", "")

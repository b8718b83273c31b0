from __future__ import annotations

import json
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from engine.errors import JobMapError
from engine.execution.secrets import NO_SECRETS, REDACTED, look_up_secrets
from engine.model.job_map import Datasource, JobMap, Task, TaskType

VALUE = 'p"ss wörd/1'


def _job_map(*init_args: dict[str, Any]) -> JobMap:
    tasks = tuple(Task(f"task {number}", TaskType.FUNCTION, init_args=each) for number, each in enumerate(init_args))
    return JobMap("job", Datasource("direct"), tasks)


@pytest.fixture(autouse=True)
def _no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)


def test_that_a_secret_is_revealed_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_TOKEN", VALUE)
    init_args: dict[str, Any] = {"token": {"$secret": "API_TOKEN"}, "deep": [{"password": {"$secret": "API_TOKEN"}}], "plain": 1}
    secrets = look_up_secrets(_job_map(init_args))
    assert secrets.revealed(init_args) == {"token": VALUE, "deep": [{"password": VALUE}], "plain": 1}
    assert init_args["token"] == {"$secret": "API_TOKEN"}


def test_that_the_keyring_is_asked_where_the_environment_knows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = {("ephemeral", "API_TOKEN"): VALUE}
    monkeypatch.delenv("API_TOKEN", raising=False)
    monkeypatch.setitem(sys.modules, "keyring", SimpleNamespace(get_password=lambda *entry: entries.get(entry)))
    init_args: dict[str, Any] = {"token": {"$secret": "API_TOKEN"}}
    assert look_up_secrets(_job_map(init_args)).revealed(init_args) == {"token": VALUE}


def test_that_every_missing_secret_is_a_problem_with_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMPTY", "")
    names: list[dict[str, Any]] = [{"a": {"$secret": "GONE_TOKEN"}}, {"b": [{"$secret": "EMPTY"}]}, {"c": {"$secret": "a=b\0"}}]
    with pytest.raises(JobMapError) as caught:
        look_up_secrets(_job_map(*names))
    assert [problem.pointer for problem in caught.value.problems] == [
        "/tasks/0/init_args/a",
        "/tasks/1/init_args/b/0",
        "/tasks/2/init_args/c",
    ]
    assert caught.value.problems[0].describe() == (
        '/tasks/0/init_args/a ("task 0"): the secret "GONE_TOKEN" is not to be found '
        '(set the environment variable GONE_TOKEN, or store it with: keyring set ephemeral "GONE_TOKEN")'
    )


@pytest.mark.parametrize(
    "text", [f"token={VALUE}!", repr(VALUE), json.dumps({"k": VALUE}), "https://x/p%22ss%20w%C3%B6rd%2F1", "https://x/p%22ss+w%C3%B6rd%2F1"]
)
def test_that_no_spelling_of_a_secret_is_left_in_a_text(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_TOKEN", VALUE)
    secrets = look_up_secrets(_job_map({"token": {"$secret": "API_TOKEN"}}))
    redacted = secrets.redact(text)
    assert REDACTED in redacted
    assert "ss" not in redacted.replace("https", "")
    assert secrets.redact_value({"key": [text, {text: 1}]}) == {"key": [redacted, {redacted: 1}]}


def test_that_a_secret_within_another_is_removed_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHORT", "abc")
    monkeypatch.setenv("LONG", "abcdef")
    secrets = look_up_secrets(_job_map({"a": {"$secret": "SHORT"}, "b": {"$secret": "LONG"}}))
    assert secrets.redact("abcdef abc") == f"{REDACTED} {REDACTED}"


def test_that_without_secrets_texts_and_values_stay_as_they_are() -> None:
    value = {"a": ["text"]}
    assert NO_SECRETS.redact("text") == "text"
    assert NO_SECRETS.redact_value(value) is value
    assert look_up_secrets(_job_map({"token": {"$secret": "A", "more": 1}})).revealed({"a": 1}) == {"a": 1}

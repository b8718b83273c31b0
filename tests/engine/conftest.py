"""What tests of several rooms begin with."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def example_data() -> dict[str, Any]:
    """The example of the file format's page, as a file holds it."""
    return {
        "name": "Example Job",
        "datasource": {"source": "direct", "content": {"input": "this is our test string input"}},
        "tasks": [
            {"name": "in", "type": "input"},
            {
                "name": "example",
                "type": "function",
                "method": "example",
                "namespace": "main",
                "consumes": "string",
                "produces": "string",
                "init_args": {"example_property": "This is a test!"},
            },
            {"name": "out", "type": "output"},
        ],
        "workflow": [["in", "example"], ["example", "out"]],
    }

"""The interface while the database does not answer: said plainly, with when to come back."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest
from dash import Dash

from centre.live.runtime import provide, runtime
from centre.store.engine import connect
from tests.api.conftest import Ask


@pytest.fixture
def _down(web: Dash) -> Iterator[None]:
    """The same application, its database at a port where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and not listening: refused at once
        run = runtime()
        engine = connect(f"postgresql://nobody@127.0.0.1:{taken.getsockname()[1]}/nothing")
        provide(replace(run, engine=engine))
        yield
        provide(run)
        engine.dispose()


@pytest.mark.usefixtures("_down")
@pytest.mark.parametrize(
    "path",
    ["/api/v1/metrics/appeal.received.count/value", "/api/v1/cases", "/api/v1/sources"],
)
def test_a_question_to_the_store_is_answered_503_with_when_to_ask_again(
    ask: Ask, path: str
) -> None:
    answer = ask(path)
    assert answer.status_code == 503, answer.text
    error = answer.json()["error"]
    assert error["code"] == "database_down"
    assert "database" in error["message"]
    assert error["remedy"]
    assert int(answer.headers["retry-after"]) > 0
    assert "127.0.0.1" not in answer.text  # where our database stands is nobody's business


@pytest.mark.usefixtures("_down")
def test_what_needs_no_store_is_answered_as_ever(ask: Ask) -> None:
    assert ask("/api/v1/metrics").status_code == 200
    assert ask("/api/v1/frames?slots=count::wall").status_code == 200
    assert ask("/healthz").json()["database"] == "down"


def test_the_interface_says_that_it_may_be_down(ask: Ask) -> None:
    paths = ask("/openapi.json").json()["paths"]
    for path in ("/api/v1/metrics/{id}/value", "/api/v1/cases", "/api/v1/sources"):
        assert "503" in paths[path]["get"]["responses"], path

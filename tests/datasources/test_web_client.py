"""The client of web services: who we are, how long we wait, how much we take, where we go."""

from __future__ import annotations

import base64
import gzip
import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from threading import Event, Thread
from typing import Any

import pytest

from centre.domain.sources import Limits
from datasources.budget import Budget
from datasources.source import Denied, Malformed, SourceError, Surroundings, Unavailable
from datasources.web.client import Client
from tests.datasources.make import chengdu, source
from tests.datasources.service import Question, Reply, Service, as_json, serving

MIB = 2**20


@pytest.fixture
def service() -> Iterator[Service]:
    with serving() as server:
        yield server


def client(
    *, seconds: float = 10.0, most: int = MIB, secrets: dict[str, str] | None = None, **more: Any
) -> tuple[Client, Budget]:
    """A client and its budget, begun."""
    budget = Budget(Limits(deadline_seconds=seconds, most_bytes=most))
    around = Surroundings(city=chengdu(), data_dir=None, secrets=secrets or {}, budget=budget)
    made = Client(source("rest", more), around)
    budget.begin()
    return made, budget


def echo(question: Question) -> Reply:
    """What was asked."""
    return as_json({"params": dict(question.params), "headers": dict(question.headers)})


@pytest.mark.parametrize(
    ("auth", "header", "value"),
    [
        ({"kind": "header", "name": "X-Key", "value": {"env": "S"}}, "x-key", "geheim"),
        ({"kind": "token", "token": {"env": "S"}}, "authorization", "Bearer geheim"),
        (
            {"kind": "basic", "user": "蓉", "password": {"env": "S"}},
            "authorization",
            "Basic " + base64.b64encode("蓉:geheim".encode()).decode(),
        ),
    ],
)
def test_every_kind_of_identity_is_sent(
    service: Service, auth: dict[str, Any], header: str, value: str
) -> None:
    service.routes["/"] = echo
    made, _ = client(auth=auth, secrets={"S": "geheim"})
    answer = json.loads(made.get(service.url("/")).body)
    assert answer["headers"][header] == value


def test_a_client_of_oauth_asks_for_a_token_once_and_anew_when_it_is_refused(
    service: Service,
) -> None:
    forms: list[bytes] = []

    def token(question: Question) -> Reply:
        forms.append(question.body)
        return as_json({"access_token": f"t{len(forms)}", "expires_in": 3600})

    def guarded(question: Question) -> Reply:
        return as_json([], 200 if question.headers["authorization"] == good[0] else 401)

    good = ["Bearer t1"]
    service.routes.update({"/token": token, "/": guarded})
    made, _ = client(
        auth={
            "kind": "oauth",
            "token_url": service.url("/token"),
            "client_id": "rongzhi",
            "client_secret": {"env": "S"},
            "scope": "read",
        },
        secrets={"S": "geheim"},
    )
    made.get(service.url("/"))
    made.get(service.url("/"))
    assert forms == [
        b"grant_type=client_credentials&client_id=rongzhi&client_secret=geheim&scope=read"
    ]
    good[0] = "Bearer t2"
    made.get(service.url("/"))
    assert len(forms) == 2
    good[0] = "Bearer nobody has it"
    with pytest.raises(Denied, match=r"refuses us \(401"):
        made.get(service.url("/"))


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        *((code, Denied) for code in (401, 403, 404)),
        *((code, Malformed) for code in (400, 422)),
        *((code, Unavailable) for code in (429, 500, 502, 503)),
    ],
)
def test_a_status_says_who_has_to_act(
    service: Service, status: int, kind: type[SourceError]
) -> None:
    service.routes["/"] = lambda _: Reply(status=status, body="配额已用完".encode())
    made, _ = client()
    with pytest.raises(kind, match=rf"127\.0\.0\.1:\d+/: .*{status}.*配额已用完"):
        made.get(service.url("/?api_key=geheim"))


def test_no_message_quotes_parameters_because_they_may_be_keys(service: Service) -> None:
    made, _ = client()
    with pytest.raises(Denied) as caught:
        made.get(service.url("/?api_key=geheim"))
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize("form", ["120", "date"])
def test_retry_after_is_handed_on(service: Service, form: str) -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=120), usegmt=True)
    headers = {"Retry-After": later if form == "date" else form}
    service.routes["/"] = lambda _: Reply(status=429, headers=headers)
    made, _ = client()
    with pytest.raises(Unavailable) as caught:
        made.get(service.url("/"))
    assert caught.value.retry_after_seconds == pytest.approx(120, abs=60)


def test_a_fault_that_is_told_with_its_place_still_says_when_to_come_back() -> None:
    told = Unavailable("busy", retry_after_seconds=120).at("http://a/")
    assert (type(told), str(told), told.retry_after_seconds) == (
        Unavailable,
        "http://a/: busy",
        120,
    )
    assert Denied("no").at("http://a/").retry_after_seconds is None


def test_a_redirect_is_followed_on_the_same_host_only(service: Service) -> None:
    service.routes["/new"] = echo
    service.routes["/old"] = lambda _: Reply(status=302, headers={"Location": "/new?a=1"})
    service.routes["/away"] = lambda _: Reply(
        status=302, headers={"Location": "http://elsewhere.example/x?key=1"}
    )
    service.routes["/round"] = lambda _: Reply(status=302, headers={"Location": "/round"})
    made, _ = client()
    assert json.loads(made.get(service.url("/old")).body)["params"] == {"a": "1"}
    with pytest.raises(Denied, match=r"leads to another place, http://elsewhere\.example/x;"):
        made.get(service.url("/away"))
    with pytest.raises(Malformed, match="round in circles"):
        made.get(service.url("/round"))


@pytest.mark.parametrize("is_packed", [False, True])
def test_no_more_is_taken_than_the_budget_allows_packed_or_not(
    service: Service, is_packed: bool
) -> None:
    body = gzip.compress(bytes(50 * MIB)) if is_packed else bytes(2 * MIB)
    headers = {"Content-Encoding": "gzip"} if is_packed else {}
    service.routes["/"] = lambda _: Reply(body=body, headers=headers)
    made, _ = client()
    with pytest.raises(Malformed, match=r"/: the answer has more than 1 MiB"):
        made.get(service.url("/"))


def test_what_is_packed_is_unpacked_and_half_of_it_refused(service: Service) -> None:
    packed = gzip.compress(b"[1, 2]" * 100)
    replies = [packed, packed[:-9], b"no gzip at all"]
    service.routes["/"] = lambda _: Reply(
        body=replies[len(service.asked) - 1], headers={"Content-Encoding": "gzip"}
    )
    made, _ = client()
    assert made.get(service.url("/")).body == b"[1, 2]" * 100
    with pytest.raises(Unavailable, match="in the middle"):
        made.get(service.url("/"))
    with pytest.raises(Malformed, match="badly packed"):
        made.get(service.url("/"))


@contextmanager
def listening(talk: Callable[[socket.socket, Event], None]) -> Iterator[str]:
    """A server that says what it is told to, to one caller; ends when the block does."""
    over = Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            caller, _ = server.accept()
            with caller:
                try:
                    caller.recv(65_536)
                    talk(caller, over)
                except OSError:
                    return

        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        over.set()
        thread.join()


def _rest(over: Event) -> None:
    over.wait()


def _drip(head: bytes) -> Callable[[socket.socket, Event], None]:
    def talk(caller: socket.socket, over: Event) -> None:
        caller.sendall(head)
        while not over.wait(0.02):
            caller.sendall(b"x")

    return talk


@pytest.mark.parametrize(
    "head",
    [b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b"HTTP/1.1 200 OK\r\nX-Slow: "],
    ids=["body", "headers"],
)
def test_a_drip_ends_at_the_deadline_although_no_read_is_slow(head: bytes) -> None:
    made, _ = client(seconds=0.3)
    with listening(_drip(head)) as url, pytest.raises(Unavailable, match=r"no answer|in time"):
        made.get(url)


def test_a_server_that_never_answers_ends_at_the_deadline() -> None:
    made, _ = client(seconds=0.2)
    with (
        listening(lambda _, over: _rest(over)) as url,
        pytest.raises(Unavailable, match=r"no answer"),
    ):
        made.get(url)


@pytest.mark.parametrize(
    "said",
    [b"", b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfive."],
    ids=["nothing", "another protocol", "half"],
)
def test_an_answer_that_breaks_off_is_worth_another_try(said: bytes) -> None:
    made, _ = client()
    with listening(lambda caller, _: caller.sendall(said)) as url, pytest.raises(Unavailable):
        made.get(url)


def test_a_port_that_nobody_listens_on_is_said_so() -> None:
    with serving() as service:
        url = service.url("/x")
    made, _ = client()
    with pytest.raises(Unavailable, match=r"127\.0\.0\.1:\d+/x: no connection"):
        made.get(url)


@pytest.mark.parametrize("url", ["", "ftp://x/y", "http://", "http://[::1/x", "file:///etc/passwd"])
def test_what_is_no_address_of_the_web_is_refused(url: str) -> None:
    made, _ = client()
    with pytest.raises(Malformed, match="is no address of the web"):
        made.get(url)


def test_addresses_may_hold_chinese_words(service: Service) -> None:
    service.routes["/%E5%B7%A5%E5%8D%95"] = echo
    made, _ = client()
    answer = json.loads(made.get(service.url("/工单"), {"区": "武侯 区&"}).body)
    assert answer["params"] == {"区": "武侯 区&"}


def test_the_proxy_of_the_environment_is_not_heeded(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    service.routes["/"] = echo
    made, _ = client()
    assert made.get(service.url("/")).status == 200


def test_a_configured_proxy_is_used_and_may_be_a_secret(service: Service) -> None:
    service.routes["/x"] = echo
    made, _ = client(proxy={"env": "PROXY"}, secrets={"PROXY": service.url("")})
    answer = json.loads(made.get("http://tickets.example/x").body)
    assert answer["headers"]["host"] == "tickets.example"

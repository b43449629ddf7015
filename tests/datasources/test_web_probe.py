"""Web probe against real HTTP servers: sites that are there, slow, gone, old."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from centre.domain.parse import parse
from centre.domain.records import Reading
from centre.domain.sources import SourceConfig
from datasources import mapping
from datasources.contract import DataSourceContract, Make, Outside
from datasources.source import Malformed, Unavailable
from datasources.web_probe import WebProbe
from tests.datasources.make import NOW, around, chengdu, source
from tests.datasources.service import Reply, Service, serving

FIELDS = {"series": "series", "unit": "unit", "key": "key", "at": "at", "value": "value"}
PAGE = "<html><ul><li>通知 2026-06-01</li><li>公告 2026年6月9日</li><li>计划 2027-01-01</li></ul>"


class Ticking(WebProbe):
    """Its clock goes on a tenth of a second whenever it looks."""

    def __init__(self, config: SourceConfig, near: Any) -> None:
        super().__init__(config, near)
        self._ticks = count()

    def _seconds(self) -> float:
        return next(self._ticks) / 10


def config(*sites: Mapping[str, str], **more: Any) -> SourceConfig:
    """A source that looks at sites."""
    given = source("web_probe", {"sites": list(sites), **more}, fields=FIELDS)
    return replace(given, record="reading")


def page(text: str = PAGE, status: int = 200, **headers: str) -> Any:
    """A route that answers with a page."""
    return lambda _: Reply(body=text.encode(), status=status, headers=headers)


@pytest.fixture
def service() -> Iterator[Service]:
    with serving() as made:
        yield made


class TestSites(DataSourceContract):
    @pytest.fixture
    def outside(self) -> Iterator[Make]:
        opened: list[Service] = []

        def make(name: str) -> Outside:
            service = Service()
            opened.append(service)
            service.routes.update({"/a": page(), "/b": page("nothing"), "/control": page("ok")})
            sites = [{"key": key, "url": service.url(f"/{key}")} for key in ("a", "b", "gone")]
            given = config(*sites, control=service.url("/control"))

            def made() -> WebProbe:
                return Ticking(given, around())

            return Outside(source=made(), now=NOW, unreachable=service.close, restart=made)

        yield make
        for one in opened:
            one.close()


def found(*sites: Mapping[str, str], **more: Any) -> dict[tuple[str, str], float]:
    """(site, series) -> value, as readings."""
    given = config(*sites, **more)
    rows = [row for batch in Ticking(given, around()).fetch(None, NOW) for row in batch.rows]
    readings = [
        parse(mapping.apply(row, given), config=given, city=chengdu(), now=NOW) for row in rows
    ]
    assert all(isinstance(one, Reading) and one.at == NOW for one in readings)
    return {(one.key, one.series): one.value for one in readings}


def test_a_site_that_is_there_says_how_quick_and_how_old_it_is(service: Service) -> None:
    service.routes["/"] = page()
    seen = found({"key": "home", "url": service.url("/")})
    assert seen == {
        ("home", "site.up"): 1,
        ("home", "site.milliseconds"): 100,
        ("home", "site.age_days"): 7,  # 9 June; 2027 is a plan, no news
    }


@pytest.mark.parametrize("status", [404, 500, 503])
def test_a_site_that_answers_with_an_error_is_not_there(service: Service, status: int) -> None:
    service.routes["/"] = page(status=status)
    assert found({"key": "home", "url": service.url("/")}) == {("home", "site.up"): 0}


def test_a_site_that_nobody_answers_for_is_not_there_and_does_not_stop_the_others(
    service: Service,
) -> None:
    with serving() as gone:
        dead = gone.url("/")
    service.routes["/"] = page("<html>")
    seen = found({"key": "dead", "url": dead}, {"key": "home", "url": service.url("/")})
    assert seen[("dead", "site.up")] == 0
    assert seen[("home", "site.up")] == 1
    assert ("home", "site.age_days") not in seen  # it tells of no day


def test_a_page_without_the_words_it_must_have_is_not_there(service: Service) -> None:
    service.routes["/"] = page("<html>被入侵</html>")
    site = {"key": "home", "url": service.url("/"), "expect": "政府门户"}
    assert found(site) == {("home", "site.up"): 0}


def test_a_page_without_days_is_as_old_as_it_says_it_is(service: Service) -> None:
    service.routes["/"] = page("x", **{"Last-Modified": "Wed, 10 Jun 2026 08:00:00 GMT"})
    assert found({"key": "home", "url": service.url("/")})[("home", "site.age_days")] == 6


def test_a_redirect_to_another_host_is_followed(service: Service) -> None:
    with serving() as other:
        other.routes["/new"] = page("<html>新站</html>")
        service.routes["/"] = page("", 301, Location=other.url("/new"))
        site = {"key": "home", "url": service.url("/"), "expect": "新站"}
        assert found(site)[("home", "site.up")] == 1


def test_each_address_is_asked_once_in_a_stretch(service: Service) -> None:
    service.routes["/"] = page()
    given = config({"key": "home", "url": service.url("/")}, step="5 min")
    adapter = Ticking(given, around())
    *_, last = adapter.fetch(None, NOW)
    assert list(adapter.fetch(last.cursor, NOW + timedelta(minutes=4, seconds=59))) == []
    (batch,) = adapter.fetch(last.cursor, NOW + timedelta(minutes=6))
    assert batch.rows[0]["at"] == datetime(2026, 6, 16, 7, 5, tzinfo=UTC).isoformat()


def test_without_our_own_network_nothing_is_said_of_any_site(service: Service) -> None:
    service.routes["/"] = page()
    with serving() as gone:
        control = gone.url("/")
    with pytest.raises(Unavailable):
        found({"key": "home", "url": service.url("/")}, control=control)


def test_a_list_without_sites_is_refused() -> None:
    with pytest.raises(Malformed, match=r"connection\.sites: write at least one table"):
        WebProbe(config(), around())

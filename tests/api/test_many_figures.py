"""Many figures asked for at once are what each of them is when it is asked for alone."""

from __future__ import annotations

from centre.metrics.registry import METRICS
from centre.snapshots.cells import Address
from centre.snapshots.figures import cell_query, figure_id
from tests.api.conftest import Ask

RECEIVED = "appeal.received.count"
NEVER = "zzzzzzzz-00000000"


def shown(*seqs: int) -> list[str]:
    """Ids of the received cases of three places at some moments."""
    version = METRICS[RECEIVED].version
    queries = [cell_query(Address(RECEIVED, unit)) for unit in ("city", "510104", "510105")]
    return [figure_id(query, version, seq) for query in queries for seq in seqs]


def test_many_figures_are_what_each_is_alone_in_the_order_of_asking(ask: Ask) -> None:
    asked = ask(f"/api/v1/metrics/{RECEIVED}/value", params={"from": "2026-06-16"}).json()
    ids = [*shown(41, 1), asked["figure"]]
    told = ask("/api/v1/figures", params={"ids": ",".join(ids)}).json()
    assert [one["id"] for one in told["figures"]] == ids
    assert told["unknown"] == []
    for one in told["figures"]:
        alone = ask(f"/api/v1/figures/{one['id']}").json()
        assert one == {name: alone[name] for name in one}


def test_ids_that_were_never_shown_are_named_and_the_others_answered(ask: Ask) -> None:
    ids = [NEVER, *shown(41)]
    told = ask("/api/v1/figures", params={"ids": ",".join(ids)}).json()
    assert [one["id"] for one in told["figures"]] == ids[1:]
    assert told["unknown"] == [NEVER]


def test_an_id_that_is_none_or_too_many_of_them_are_refused(ask: Ask) -> None:
    damaged = ask("/api/v1/figures", params={"ids": f"{NEVER},41"})
    assert (damaged.status_code, damaged.json()["error"]["code"]) == (400, "bad_figure")
    many = ask("/api/v1/figures", params={"ids": ",".join([NEVER] * 401)})
    assert (many.status_code, many.json()["error"]["code"]) == (400, "too_many_ids")

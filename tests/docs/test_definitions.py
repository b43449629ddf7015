"""docs/definitions.md says what the registry says."""

from __future__ import annotations

from centre.citypack.load import load_city
from centre.commands.definitions import PACK, WRITTEN, page
from centre.metrics.registry import METRICS


def test_the_page_of_definitions_is_the_registry_written_out() -> None:
    remedy = "python -m centre definitions"
    assert WRITTEN.read_text("utf-8") == page(load_city(PACK)), f"out of date; run: {remedy}"


def test_every_metric_shows_definition_formula_sql_version_and_what_was_published() -> None:
    text = page(load_city(PACK))
    sections = {one.split("\n", 1)[0]: one for one in text.split("\n### ")[1:]}
    assert sections.keys() == METRICS.keys()
    for metric in METRICS.values():
        section = sections[metric.id]
        for words in (metric.name, metric.definition, metric.caveats, metric.owner):
            assert words.zh in section
            assert words.en in section
        assert ("```sql\n-- num\nSELECT" in section) == (metric.num is not None)
        assert f"| 版本 version | {metric.version}, {metric.valid_from}" in section
    both = sections["appeal.satisfaction_rate"]
    assert "#### 版本 version 1, 2018-01-01 – 2018-12-31" in both
    for version in METRICS["appeal.satisfaction_rate"].versions:
        assert version.definition.zh in both and version.caveats.en in both
    assert both.count("-- den") == 2
    assert "Chengdu counts by version 1" in both
    assert "= 83.94%, 2018-12, 成都市" in sections["appeal.resolution_rate"]
    assert "> 8,700, 2018-12" in sections["appeal.received.daily_avg"]

"""Over which time a metric is what the screens show: the one place that says it."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from centre.domain.periods import complete_days, day_start, local_day
from centre.metrics.metric import Metric, Shape


def window(metric: Metric, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """A count is today so far, a stock this moment; a rate the 30 complete days until yesterday."""
    today = day_start(local_day(now, zone), zone)
    if metric.shape in (Shape.COUNT, Shape.STOCK, Shape.GAUGE):
        return today, max(now, today + timedelta(microseconds=1))  # at midnight, too, it is today
    return day_start(complete_days(now, zone).first, zone), today

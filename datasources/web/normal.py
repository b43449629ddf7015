"""One request of GeoReport -> the same request, put right where services are known to differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from datasources.web.body import Row

_CODES = ("service_request_id", "service_code", "address_id", "zipcode")


def normal(row: Row, services: Mapping[str, Row]) -> Row:
    """Codes as text, the state in small letters, swapped coordinates put right.

    Adds `closed_datetime` (the last change of a closed request, the usual stand-in) and, from the
    list of services, `service_group`, and the name of a service where the request has none.
    """
    codes = {name: _code(row[name]) for name in _CODES if name in row}
    status = row.get("status")
    state = status.strip().lower() if isinstance(status, str) else status
    known = services.get(str(codes.get("service_code", "")), {})
    return {
        **row,
        **codes,
        **({"status": state} if "status" in row else {}),
        **_point(row),
        "service_name": row.get("service_name") or known.get("service_name"),
        "service_group": known.get("group") or None,
        "closed_datetime": row.get("updated_datetime") if state == "closed" else None,
    }


def _code(value: Any) -> Any:
    """A code stays text: "006" is not 6."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_number else value


def _point(row: Row) -> dict[str, Any]:
    """Latitude and longitude, swapped back where a latitude lies beyond the poles."""
    lat, long = row.get("lat"), row.get("long")
    try:
        is_swapped = abs(float(lat)) > 90 >= abs(float(long))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return {}
    return {"lat": long, "long": lat} if is_swapped else {}

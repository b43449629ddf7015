"""GeoReport v2 as services really answer it: JSON or XML -> plain rows in the standard's words.

Tolerated: `006` without quotes in JSON, lists within a table of one key, blanks as "" or null,
`Closed` in capitals, `is_array`, tables of extensions, and errors in five shapes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from datasources.source import Malformed
from datasources.web.body import text_of
from datasources.web.client import Answer, shown

Row = dict[str, Any]

REQUEST_FIELDS = (
    "service_request_id",
    "status",
    "status_notes",
    "service_name",
    "service_code",
    "description",
    "agency_responsible",
    "service_notice",
    "requested_datetime",
    "updated_datetime",
    "expected_datetime",
    "address",
    "address_id",
    "zipcode",
    "lat",
    "long",
    "media_url",
)
OPTIONAL = frozenset(REQUEST_FIELDS) - {
    "service_request_id",
    "status",
    "service_code",
    "requested_datetime",
}
"""What a request may leave out; the others it must have."""

_BARE = re.compile(r"(:\s*)(0\d+)(?=\s*[,}\]])")  # the standard's own sample writes `006`
_MOST_DEPTH = 40


def items(answer: Answer, name: str) -> list[Row]:
    """The list of that name in an answer: a bare array of JSON, or the children of XML's root.

    Malformed when it is neither, or says that it is an error.
    """
    found = tree(answer)
    if words := ", ".join(errors(found)):
        raise Malformed(f"{shown(answer.url)}: says {words}")
    if isinstance(found, Mapping):
        found = next((value for value in found.values() if isinstance(value, list)), found)
    if not isinstance(found, list):
        raise Malformed(f"{shown(answer.url)}: no list of {name} in the answer")
    return [one if isinstance(one, dict) else {"无法解析": str(one)[:2000]} for one in found]


def tree(answer: Answer) -> Any:
    """An answer as lists, tables and text, whichever of the two forms it has."""
    text = text_of(answer).strip()
    return _xml(answer) if text.startswith("<") else _json(answer, text)


def endpoints(answer: Answer) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """(type, address, formats) of what a discovery document offers by GeoReport v2."""
    found = tree(answer)
    listed = found.get("endpoints") if isinstance(found, Mapping) else None
    for one in listed if isinstance(listed, list) else ():
        is_ours = isinstance(one, Mapping) and str(one.get("specification", "")).endswith(
            "/GeoReport_v2"
        )
        if is_ours and one.get("url"):
            formats = one.get("formats")
            kinds = formats if isinstance(formats, list) else []
            yield str(one.get("type", "")), str(one["url"]), tuple(map(str, kinds))


def attributes(answer: Answer) -> dict[str, dict[str, str]]:
    """Of the definition of a service: code of an attribute -> {key of a value: its name}."""
    found = tree(answer)
    if isinstance(found, list):
        found = found[0] if found else {}
    listed = found.get("attributes", found.get("attribute")) if isinstance(found, Mapping) else None
    return {
        str(one["code"]): {
            str(value.get("key", "")): str(value.get("name", ""))
            for value in _tables(one.get("values"))
        }
        for one in _tables(listed)
        if one.get("code")
    }


def errors(found: Any) -> list[str]:
    """The words of an answer that is an error; empty when it is none."""
    if isinstance(found, Mapping) and set(found) & {"errors", "error"}:
        return [words for part in found.values() for words in _complaints(part)]
    if isinstance(found, list) and found and all(_is_error(one) for one in found):
        return [words for one in found for words in _complaints(one)]
    return []


def _is_error(one: Any) -> bool:
    return isinstance(one, Mapping) and "description" in one and set(one) <= {"code", "description"}


def _complaints(part: Any) -> Iterator[str]:
    if isinstance(part, list):
        for one in part:
            yield from _complaints(one)
    elif isinstance(part, Mapping):
        yield " ".join(str(part[key]) for key in ("code", "description") if part.get(key))
    elif part:
        yield str(part)


def _tables(value: Any) -> Sequence[Mapping[str, Any]]:
    """Tables of a list, or of the one that stands alone."""
    listed = value if isinstance(value, list) else [value]
    return [one for one in listed if isinstance(one, Mapping)]


def _json(answer: Answer, text: str) -> Any:
    for candidate in (text, _BARE.sub(r'\1"\2"', text)):
        try:
            return json.JSONDecoder(parse_constant=str).decode(candidate)
        except (ValueError, RecursionError):
            continue
    raise Malformed(f"{shown(answer.url)}: neither JSON nor XML: {text[:80]!r}")


def _xml(answer: Answer) -> Any:
    try:
        root = fromstring(answer.body)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise Malformed(f"{shown(answer.url)}: not XML that we read ({error})") from error
    name = _name(root)
    if name in _TABLES:
        return _plain(root, 0)
    children = [_plain(child, 1) for child in root]
    if name in ("error", "errors"):
        return {"errors": children or (root.text or "").strip()}
    if name not in _LISTS:
        raise Malformed(f"{shown(answer.url)}: <{name}> is no answer of GeoReport")
    return children


_TABLES = ("discovery", "service_definition")
_LISTS = (
    "services",
    "service_requests",
    "requests",
    "endpoints",
    "formats",
    "attributes",
    "values",
)


def _plain(node: Element, depth: int) -> Any:
    """Text, a list, or a table of children; of a name that comes twice a list."""
    if depth > _MOST_DEPTH:
        raise Malformed(f"XML within XML, more than {_MOST_DEPTH} deep")
    children = [(_name(child), _plain(child, depth + 1)) for child in node]
    if _name(node) in _LISTS or node.get("is_array"):
        return [value for _, value in children]
    if not children:
        return (node.text or "").strip()
    found: dict[str, Any] = {}
    for name, value in children:
        before = found.get(name)
        many = [*before, value] if isinstance(before, list) else [before, value]
        found[name] = value if name not in found else many
    return found


def _name(node: Element) -> str:
    return str(node.tag).rpartition("}")[2].lower()

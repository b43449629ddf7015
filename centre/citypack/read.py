"""One file of a pack -> a validated shape, or findings in plain words."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from centre.citypack.finding import BadPack, Finding, did_you_mean

Shape = TypeVar("Shape", bound=BaseModel)


def wrong(problem: str, remedy: str) -> PydanticCustomError:
    """The error a validator of a shape raises, with its remedy."""
    return PydanticCustomError("wrong", "{problem}", {"problem": problem, "remedy": remedy})


def read_toml(file: Path, shape: type[Shape]) -> Shape:
    """Read and validate a TOML file; raises BadPack with every mistake found in it."""
    try:
        table = tomllib.loads(_text(file, "TOML"))
    except tomllib.TOMLDecodeError as error:
        raise _bad(file, "", f"not TOML: {error}", "mend the line named") from error
    try:
        return shape.model_validate(table)
    except ValidationError as error:
        raise BadPack([_finding(file, shape, one) for one in error.errors()]) from error


def read_json(file: Path) -> Mapping[str, Any]:
    """Read a JSON object; raises BadPack."""
    try:
        value = json.loads(_text(file, "GeoJSON"))
    except ValueError as error:
        raise _bad(file, "", f"not JSON: {error}", "export it again as GeoJSON") from error
    if not isinstance(value, dict):
        raise _bad(file, "", "not a JSON object", "write a GeoJSON FeatureCollection")
    return value


def _text(file: Path, what: str) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        problem = f"cannot be read ({error.strerror})"
        raise _bad(file, "", problem, f"put the {what} file there, readable for us") from error
    except UnicodeDecodeError as error:
        problem = f"byte {error.start} is not UTF-8"
        raise _bad(file, "", problem, "save the file as UTF-8") from error


def _bad(file: Path, key: str, problem: str, remedy: str) -> BadPack:
    return BadPack([Finding(file=file, key=key, problem=problem, remedy=remedy)])


def _finding(file: Path, shape: type[BaseModel], error: ErrorDetails) -> Finding:
    problem, remedy = _words(shape, error)
    return Finding(file=file, key=path(error["loc"]), problem=problem, remedy=remedy)


def path(steps: tuple[int | str, ...]) -> str:
    """A place inside a file: ("units", 3, "code") -> units[3].code; odd keys are quoted."""
    text = ""
    for step in steps:
        if isinstance(step, int):
            text += f"[{step}]"
            continue
        plain = step.replace("_", "").replace("-", "").isalnum()
        text += ("." if text else "") + (step if plain else f'"{step}"')
    return text


def _words(shape: type[BaseModel], error: ErrorDetails) -> tuple[str, str]:
    """(problem, remedy) of a pydantic error."""
    kind, loc, given = error["type"], error["loc"], error["input"]
    context: Mapping[str, Any] = error.get("ctx", {})
    if kind == "wrong":
        return context["problem"], context["remedy"]
    if kind == "missing":
        return "is missing", f"add `{loc[-1]} = …`"
    if kind == "extra_forbidden":
        return "unknown key", did_you_mean(str(loc[-1]), _keys_at(shape, loc[:-1]))
    if kind == "literal_error":
        return f"{_quoted(given)} is not known", f"write {context['expected']}"
    return f"{_quoted(given)} cannot be used", _REMEDIES.get(kind) or _lower(error["msg"])


_REMEDIES = {
    "string_type": 'write text in quotes: "…"',
    "string_too_short": "write something there",
    "model_type": "write a table: { key = … }",
    "dict_type": "write a table: { key = … }",
    "list_type": "write a list: [ … ]",
    "bool_type": "write true or false",
    "int_type": "write a whole number",
    "float_type": "write a number",
    "date_type": "write a day without quotes: 2019-05-15",
}
"""Plain words for what pydantic says in its own."""


def _quoted(given: object) -> str:
    """What stands in the file, as TOML writes it, cut where it is long."""
    if isinstance(given, bool):
        return str(given).lower()
    text = f'"{given}"' if isinstance(given, str) else str(given)
    return text if len(text) <= 60 else f"{text[:60]}…"


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:]


def _keys_at(shape: type[BaseModel], steps: tuple[int | str, ...]) -> list[str]:
    """The keys that are allowed at a place, following the shapes from the root."""
    for step in steps:
        if isinstance(step, str) and step in shape.model_fields:
            shape = _shape_in(shape.model_fields[step].annotation) or shape
    return list(shape.model_fields)


def _shape_in(annotation: Any) -> type[BaseModel] | None:
    """The shape inside list[…], dict[str, …] or … | None."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inside = (_shape_in(one) for one in get_args(annotation))
    return next((one for one in inside if one is not None), None)

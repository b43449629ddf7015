"""Which JavaScript a wheel carries: tools for Python packages do not see it, browsers run it.

Versions are read from what is shipped: from the name of a file, or from the text of a bundle by a
mark that is known here. What a package only declares to have built in has a range and no version.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile

from bundle.failure import CannotBuild


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """One library. `version` None: only `declared`, a range like ^1.5.1, is known."""

    name: str
    version: str | None
    declared: str | None = None
    file: str


class Mark(NamedTuple):
    """Where the text of a bundle says the version of a library; the pattern has it as its group."""

    name: str
    file: str
    pattern: str


_V = r"(\d+\.\d+\.\d+)"
_MARKS: dict[str, tuple[Mark, ...]] = {
    "plotly": (
        Mark("plotly.js", "plotly/package_data/plotly.min.js", rf"plotly\.js v{_V}"),
        Mark("d3", "plotly/package_data/plotly.min.js", rf'\{{version:"{_V}"\}},\w+=\[\]\.slice'),
    ),
    "dash-leaflet": (
        Mark("leaflet", "dash_leaflet/dash_leaflet.js", rf'transformation=\w+,\w+\.version="{_V}"'),
        Mark("chroma-js", "dash_leaflet/dash_leaflet.js", rf'\.Color=\w+,\w+\.version="{_V}"'),
        Mark("leaflet-draw", "dash_leaflet/async-EditControl.ts.js", rf'L\.drawVersion="{_V}"'),
    ),
    "dash-extensions": (
        Mark("lottie-web", "dash_extensions/async-Lottie.js", rf'lottie\.version="{_V}"'),
        Mark("mermaid", "dash_extensions/async-Mermaid.js", rf'name:"mermaid",version:"{_V}"'),
        Mark("dompurify", "dash_extensions/async-Purify.js", rf'\w\.version="{_V}"'),
        Mark("katex", "dash_extensions/async-null.js", rf'version:"{_V}",render:'),
        Mark("cytoscape", "dash_extensions/async-null.js", rf'\w+\.version="{_V}",\w+\.stylesheet'),
    ),
    "dash": (
        Mark("mathjax", "dash/dcc/async-mathjax.js", rf'VERSION=void 0,\w+\.VERSION="{_V}"'),
        Mark("acorn", "dash/dcc/async-markdown.js", rf'acorn=\{{Parser:\w+,version:"{_V}"'),
        Mark("core-js", "dash/dcc/async-upload.js", rf'exports=\{{version:"{_V}"\}}'),
        Mark("xlsx", "dash/dash_table/async-export.js", rf'\}}\}}\);var \w+=\{{version:"{_V}"\}}'),
        Mark(
            "@fortawesome/fontawesome-svg-core",
            "dash/dash_table/async-table.js",
            rf'"version":"{_V}","name":"@fortawesome/fontawesome-svg-core"',
        ),
    ),
}
_VENDOR = (
    Mark(
        "plotly.js-cartesian-dist-min",
        "assets/vendor/plotly-cartesian.min.js",
        rf"plotly\.js \(cartesian - minified\) v{_V}",
    ),
    Mark("plotly.js-locales", "assets/vendor/plotly-locale-zh-cn.js", rf"plotly\.js-locales {_V}"),
)
_PUBLISHED = {"polyfill": "@babel/polyfill"}  # what a file is called -> its name at npm
_NAMED = re.compile(r"(?:.*/)?([a-z.-]+)@(\d+\.\d+\.\d+)(?:\.min)?\.js")


def of_wheel(package: str, wheel: Path) -> tuple[Script, ...]:
    """The libraries inside a wheel, by name; raises CannotBuild when a mark is not found."""
    with ZipFile(wheel) as files:
        names = files.namelist()
        found = [*_by_name(names), *_by_mark(package, files)]
        known = {one.name for one in found}
        found += [one for one in _declared(files, names) if one.name not in known]
    return tuple(sorted(set(found), key=lambda one: (one.name, one.version or "", one.file)))


def of_assets(tree: Mapping[str, bytes]) -> tuple[Script, ...]:
    """The libraries that the centre carries itself; `tree`: its files by path."""
    return tuple(_marked(mark, tree[mark.file].decode()) for mark in _VENDOR)


def _by_name(names: list[str]) -> Iterator[Script]:
    """Files like react@18.3.1.min.js; of a plain and a small one the small."""
    for name in sorted(names, reverse=True):
        said = _NAMED.fullmatch(name)
        if said and _small(name) not in names:
            yield Script(name=_PUBLISHED.get(said[1], said[1]), version=said[2], file=name)


def _small(name: str) -> str:
    return f"{name.removesuffix('.js')}.min.js"


def _by_mark(package: str, files: ZipFile) -> Iterator[Script]:
    for mark in _MARKS.get(package, ()):
        if mark.file not in files.namelist():
            raise CannotBuild(f"{package}: no {mark.file} any more: mend bundle/javascript.py")
        yield _marked(mark, files.read(mark.file).decode("utf-8", "replace"))


def _marked(mark: Mark, text: str) -> Script:
    said = re.search(mark.pattern, text)
    if not said:
        raise CannotBuild(
            f"{mark.file} does not say the version of {mark.name}: mend bundle/javascript.py"
        )
    return Script(name=mark.name, version=said[1], file=mark.file)


def _declared(files: ZipFile, names: list[str]) -> Iterator[Script]:
    """What the bundles of a Dash package were built from, as its package-info.json has it."""
    for name in names:
        if name.endswith("/package-info.json"):
            asked = json.loads(files.read(name)).get("dependencies") or {}
            for library, said in asked.items():
                yield Script(name=library, version=None, declared=said, file=name)

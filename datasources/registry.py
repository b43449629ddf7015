"""Adapters by name, found by walking this package and the entry points; no list to edit."""

from __future__ import annotations

import importlib
import logging
import pkgutil
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from importlib.metadata import entry_points
from types import MappingProxyType, ModuleType

import datasources
from centre.domain.sources import SourceConfig
from datasources.source import DataSource, Surroundings

ENTRY_POINTS = "rongzhi.datasources"

_log = logging.getLogger(__name__)


class UnknownAdapter(LookupError):
    """A source file names an adapter that is not there."""


@cache
def adapters() -> Mapping[str, type[DataSource]]:
    """Name -> adapter. Ours win over strangers of the same name, who are logged."""
    ours = {one.adapter: one for module in _modules() for one in _adapters_in(module)}
    strangers = {name: one for name, one in _strangers() if _is_new(name, ours)}
    return MappingProxyType({**strangers, **ours})


def build(config: SourceConfig, around: Surroundings) -> DataSource:
    """The adapter of a source, ready to fetch; UnknownAdapter names the nearest one."""
    known = adapters()
    if config.adapter not in known:
        near = get_close_matches(config.adapter, known, n=1, cutoff=0)
        raise UnknownAdapter(
            f'{config.path}: adapter: there is no adapter "{config.adapter}"; '
            f'nearest: "{near[0]}" (of {", ".join(sorted(known))})'
        )
    return known[config.adapter](config, around)


def _modules() -> Iterator[ModuleType]:
    """Modules beside this one; packages inside belong to an adapter and are not searched."""
    for info in pkgutil.iter_modules(datasources.__path__, "datasources."):
        if not info.ispkg:
            yield importlib.import_module(info.name)


def _adapters_in(module: ModuleType) -> Iterator[type[DataSource]]:
    """Classes that were written in this module and carry the word `adapter`."""
    for one in vars(module).values():
        is_here = isinstance(one, type) and one.__module__ == module.__name__
        if is_here and isinstance(getattr(one, "adapter", None), str):
            yield one


def _strangers() -> Iterator[tuple[str, type[DataSource]]]:
    """Adapters of other packages; what fails to load is logged and left out."""
    for point in entry_points(group=ENTRY_POINTS):
        try:
            one = point.load()
            yield str(one.adapter), one
        except Exception:  # whatever a stranger's module does wrong, our sources go on
            _log.exception("adapter plug-in %s (%s) cannot be loaded", point.name, point.value)


def _is_new(name: str, ours: Mapping[str, object]) -> bool:
    if name in ours:
        _log.error('adapter plug-in "%s" has the name of one of ours and is left out', name)
    return name not in ours

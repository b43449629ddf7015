"""The one place that says what a request may see."""

from __future__ import annotations

from starlette.requests import HTTPConnection

from centre.domain.scope import EVERYTHING, Scope


def scope_of(request: HTTPConnection) -> Scope:
    """The scope of the session behind a request: everything, as there are no identities yet."""
    return EVERYTHING

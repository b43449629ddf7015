"""Who we are to a service: a header, a token, name and password, or an OAuth client."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from datasources.source import Denied, Malformed
from datasources.web.keys import Keys

CONNECTION_KEYS: Mapping[str, str] = {
    "auth": 'who we are: kind = "header", "token", "basic" or "oauth"',
    "auth.kind": "header, token, basic or oauth",
    "auth.name": 'of a header: its name, "X-Api-Key"',
    "auth.value": "of a header: its value, as a secret",
    "auth.token": "of a token: what stands behind Bearer, as a secret",
    "auth.user": "of basic: the name",
    "auth.password": "of basic: the password, as a secret",
    "auth.token_url": "of oauth: where a client asks for its token",
    "auth.client_id": "of oauth: the client's name",
    "auth.client_secret": "of oauth: the client's password, as a secret",
    "auth.scope": "of oauth: what the token shall allow",
}
KINDS = ("header", "token", "basic", "oauth")
_EARLY = timedelta(seconds=30)  # a token that ends within a request is of no use

Post = Callable[[str, bytes, Mapping[str, str]], bytes]
"""Sends a form and gives back the body of the answer."""


class Auth:
    """The headers of a request. Secrets are read when they are needed, and never kept in a file."""

    def __init__(self, keys: Keys) -> None:
        keys.only([name.removeprefix("auth.") for name in CONNECTION_KEYS if "." in name])
        self._keys = keys
        self._kind = keys.one_of("kind", KINDS) if "kind" in keys else None
        self._token: tuple[str, datetime] | None = None

    @property
    def can_renew(self) -> bool:
        """Whether a refusal may only mean that our token has ended."""
        return self._kind == "oauth" and self._token is not None

    def forget(self) -> None:
        """Ask for a new token next time."""
        self._token = None

    def headers(self, post: Post) -> dict[str, str]:
        """What to send with a request; `post` fetches a token where one is needed."""
        keys = self._keys
        match self._kind:
            case "header":
                return {keys.text("name"): keys.secret("value")}
            case "token":
                return {"Authorization": f"Bearer {keys.secret('token')}"}
            case "basic":
                pair = f"{keys.text('user')}:{keys.secret('password')}".encode()
                return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
            case "oauth":
                return {"Authorization": f"Bearer {self._bearer(post)}"}
        return {}

    def _bearer(self, post: Post) -> str:
        now = datetime.now(UTC)
        if self._token is None or self._token[1] <= now + _EARLY:
            token, seconds = self._fetched(post)
            self._token = token, now + timedelta(seconds=seconds)
        return self._token[0]

    def _fetched(self, post: Post) -> tuple[str, float]:
        """(token, seconds it is good for) by the client credentials grant of RFC 6749."""
        keys = self._keys
        form = {
            "grant_type": "client_credentials",
            "client_id": keys.text("client_id"),
            "client_secret": keys.secret("client_secret"),
        }
        if "scope" in keys:
            form["scope"] = keys.text("scope")
        url = keys.text("token_url")
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return _token(url, post(url, urlencode(form).encode(), kind))


def _token(url: str, body: bytes) -> tuple[str, float]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"{url}: the answer to a request for a token is not JSON") from error
    token = answer.get("access_token") if isinstance(answer, dict) else None
    if not isinstance(token, str) or not token:
        raise Denied(f"{url}: gives no access_token; check client_id and client_secret")
    seconds = answer.get("expires_in")
    is_number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    return token, float(seconds) if is_number else 300.0

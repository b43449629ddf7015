"""What every test may ask for."""

from __future__ import annotations

from tests.servers import redis_url

__all__ = ["redis_url"]

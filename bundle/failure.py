"""What stops the building of an archive and has to be mended by a person."""

from __future__ import annotations


class CannotBuild(Exception):
    """Says what is missing and what to do; printed without a traceback."""

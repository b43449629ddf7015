"""Random numbers of one source and day: the same for the same names, whatever ran before."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from datasources.simulation.calendar import Amounts
from datasources.simulation.shape import SHARES, Shares


def generator(*names: object) -> np.random.Generator:
    """A generator seeded by a stable hash of the names; Python's own hash changes per process."""
    digest = hashlib.sha256("|".join(map(str, names)).encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "big")))


def unit_interval(*names: object) -> float:
    """A fixed number in 0..1 for some names: a phase, an offset."""
    digest = hashlib.sha256("|".join(map(str, names)).encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


class Draw:
    """Draws one number for each of `cases` at a time, always for all of them.

    Drawing for everyone, needed or not, keeps the sequence the same when a share is changed.
    """

    def __init__(self, rng: np.random.Generator, cases: int, shares: Shares = SHARES) -> None:
        self.rng = rng
        self.cases = cases
        self.shares = shares

    def uniform(self) -> Amounts:
        """In 0..1."""
        return self.rng.random(self.cases)

    def normal(self) -> Amounts:
        """Mean 0, deviation 1."""
        return self.rng.standard_normal(self.cases)

    def exponential(self) -> Amounts:
        """Mean 1."""
        return self.rng.standard_exponential(self.cases)

    def gamma(self, shape: float) -> Amounts:
        """Mean `shape`."""
        return self.rng.standard_gamma(shape, self.cases)

    def chance(self, share: float | Amounts) -> NDArray[np.bool_]:
        """True for about `share` of the cases."""
        return np.asarray(self.uniform() < share, dtype=np.bool_)

    def pick(self, weights: Amounts) -> NDArray[np.int64]:
        """Indexes into `weights`, by weight."""
        edges = np.cumsum(weights) / np.sum(weights)
        return np.minimum(np.searchsorted(edges, self.uniform(), side="right"), len(weights) - 1)

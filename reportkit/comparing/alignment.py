"""Which item of one document is which of another, and which have changed places."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Generic, TypeVar

A = TypeVar("A")
B = TypeVar("B")

ALIKE = 0.4
"""From this likeness on two sentences, or paragraphs, are taken for versions of one."""


class Alignment(Generic[A, B]):
    """Pairs of items, found step by step; ``a``, ``b``: what is not paired yet, by its number."""

    def __init__(self, a: Mapping[int, A], b: Mapping[int, B]) -> None:
        self.a, self.b = dict(a), dict(b)
        self.pairs: dict[int, int] = {}

    def take(self, score: Callable[[A, B], float], least: float = 0.0) -> dict[int, float]:
        """Pair what scores at least this, the highest first; 0 is never taken.

        Returns
        -------
        dict
            Number in a → score, of the new pairs.
        """
        scores = [
            (-value, n, m)
            for n, one in self.a.items()
            for m, other in self.b.items()
            if (value := score(one, other)) and value >= least
        ]
        taken = {}
        for value, n, m in sorted(scores):
            if n in self.a and m in self.b:
                del self.a[n], self.b[m]
                self.pairs[n], taken[n] = m, -value
        return taken


def moved(pairs: Mapping[int, int], told: Collection[int] = ()) -> set[int]:
    """The numbers in a of what stands elsewhere among the others in b: as few as can be.

    ``told``: numbers in b of which it is said that they were moved; of several ways the one that
    takes these counts.
    """
    chains: dict[int, tuple[int, int]] = {}  # weight of the heaviest rising chain, item before
    for n, m in sorted(pairs.items()):
        weight, before = max(
            ((chain[0], -k) for k, chain in chains.items() if pairs[k] < m), default=(0, 1)
        )
        chains[n] = weight + (1 if m in told else 1000), -before
    last = max(chains, key=lambda n: chains[n][0], default=-1)
    stays = set()
    while last >= 0:
        stays.add(last)
        last = chains[last][1]
    return set(pairs) - stays

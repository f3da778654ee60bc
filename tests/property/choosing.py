"""Hypothesis's choices in words; the strategies behind them are made once, since a document takes hundreds."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from hypothesis import strategies as st

Each = TypeVar("Each")


@dataclass(frozen=True)
class Chooser:
    """Draws for one document; what is simpler stands first and is what remains after shrinking."""

    draw: st.DrawFn

    def one_of(self, options: Sequence[Each]) -> Each:
        """One of the options, each as likely as it is often there."""
        return options[self.draw(_below(len(options)))]

    def happens(self, percent: int) -> bool:
        """Whether something happens that is no part of the simplest document."""
        return self.draw(_below(100)) >= 100 - percent


@cache
def _below(size: int) -> st.SearchStrategy[int]:
    return st.integers(0, size - 1)

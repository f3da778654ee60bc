"""Version skew: the router asks by another version of the schema than this subgraph has.

It lasts as long as a roll-out does, or until somebody composes the supergraph anew. Callers get UNAVAILABLE, since
nothing is wrong with what they sent and nothing was begun for it; operators get a line of the log and a metric.
"""

import logging
from collections.abc import Sequence
from typing import Any, Literal

from shared.errors import Unavailable
from shared.graphql import limits
from shared.graphql.asked import Place
from shared.telemetry.metrics import VERSION_SKEW

logger = logging.getLogger(__name__)

Part = Literal["document", "variables", "representations"]

_MOST_TOLD = 1000
_told: set[tuple[str, str]] = set()


class BeingUpdated(Unavailable):
    """What the caller is told of version skew. Nothing was begun, so that the request can be sent again as it is.

    ``difference`` says in a line what the schema does not have.
    """

    def __init__(self, difference: str) -> None:
        super().__init__("This part of the API is being updated, and nothing was done here; try again in a moment.")
        self.difference = difference


class VersionSkewError(Exception):
    """A request that can't be executed by this version of the schema.

    ``operation`` is how metrics name it, ``places`` are those of the answer that stay empty, ``differences`` say in a
    line each what the schema does not have.
    """

    def __init__(self, part: Part, operation: str, places: Sequence[Place], differences: Sequence[str]) -> None:
        super().__init__("; ".join(differences))
        self.part = part
        self.operation = operation
        self.places = places
        self.differences = differences


def note_skew(part: Part, operation: str, differences: Sequence[str]) -> None:
    """Counts a request that does not fit our version of the schema, and tells the log once of each operation."""
    VERSION_SKEW.labels(part).inc()
    told = (operation[: limits.ERROR_CHARACTERS], "; ".join(differences))
    if told in _told:
        return
    if len(_told) >= _MOST_TOLD:
        _told.clear()
    _told.add(told)
    logger.warning("the router's supergraph has another version of this subgraph's schema: %s: %s", *told)


def skew_answer(error: VersionSkewError) -> dict[str, Any]:
    """An answer with nothing in it but an error at each place, as routers make it for a subgraph that is away."""
    told = BeingUpdated(str(error))
    formatted = {"message": told.message, "extensions": {"code": told.code}}
    data = {place[0]: [None] for place in error.places if len(place) > 1}  # which the errors' paths lead through
    return {"data": data or None, "errors": [{**formatted, "path": place} for place in error.places] or [formatted]}

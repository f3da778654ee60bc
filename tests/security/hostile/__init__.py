"""Requests that somebody with bad intentions would send, by kind."""

from collections.abc import Callable, Iterator

from tests.security.hostile.arguments import arguments
from tests.security.hostile.bodies import bodies
from tests.security.hostile.case import Case
from tests.security.hostile.credentials import credentials
from tests.security.hostile.documents import documents
from tests.security.hostile.entities import entities
from tests.security.hostile.issue import rows
from tests.security.hostile.lists import lists
from tests.security.hostile.openings import openings
from tests.security.hostile.requests import requests
from tests.security.hostile.terrain import Terrain

OF_EVERYBODY = ("issue", "documents", "bodies", "requests", "lists", "arguments", "credentials")
OF_SUBGRAPHS = ("entities", "openings")


def corpus(ground: Terrain, kind: str, thorough: bool = False) -> list[Case]:
    """All cases of a kind for what stands at an address; ``thorough`` tries every value at every place."""
    makers: dict[str, Callable[[], Iterator[Case]]] = {
        "issue": lambda: rows(ground),
        "documents": lambda: documents(ground),
        "bodies": bodies,
        "requests": lambda: requests(ground),
        "lists": lambda: lists(ground),
        "arguments": lambda: arguments(ground, thorough),
        "credentials": credentials,
        "entities": lambda: entities(ground),
        "openings": lambda: openings(ground),
    }
    return list(makers[kind]())

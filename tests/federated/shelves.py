"""What is in the three subgraphs of ``tests.federated``, and what they were asked to load."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Named:
    """Something with a code or a number."""

    code: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Size:
    """How heavy a book is, and in which unit it was weighed."""

    weight_grams: int
    unit: str = "g"


@dataclass(frozen=True, slots=True)
class Author:
    """The part of books in an author. What others know of one came with its representation, or is not there."""

    email: str
    name: str | None = None
    pages: int | None = None
    years: int | None = None

    @property
    def pages_per_year(self) -> int | None:
        """Computed of what people knows."""
        return self.pages // self.years if self.pages is not None and self.years else None


@dataclass(frozen=True, slots=True)
class Book:
    """A book."""

    id: UUID
    title: str
    series: str
    volume: int
    imprint: Named
    author: Author
    size: Size = Size(350)
    remarks: str = "spine torn"
    cost: int = 5
    margin: int = 3
    lender: str = "the town"


@dataclass(frozen=True, slots=True)
class Map:
    """A map."""

    id: UUID
    title: str
    scale: int


@dataclass(frozen=True, slots=True)
class Dossier:
    """A dossier."""

    archive: Named
    shelf: str
    outcome: str = "closed"


@dataclass(frozen=True, slots=True)
class Career:
    """How long somebody has written."""

    years: int


@dataclass(frozen=True, slots=True)
class Person:
    """An author as people knows one."""

    email: str
    name: str
    pages: int
    career: Career


@dataclass(frozen=True, slots=True)
class Copies:
    """How many there are of a work."""

    id: UUID
    copies: int


@dataclass
class Loads:
    """What loaders were asked for: a type and how many of it, a call each."""

    calls: list[tuple[str, int]] = field(default_factory=list)

    def note(self, typename: str, asked: Any) -> None:
        """Remembers a call."""
        self.calls.append((typename, len(asked)))


LOADS = Loads()
URSULA = Author("ursula@example.org", "Ursula", pages=12)  # as few as people does not know of
BOOKS = [
    Book(UUID(int=1), "The Tombs", "Earthsea", 2, Named(code="ATH"), URSULA),
    Book(UUID(int=2), "The Shore", "Earthsea", 3, Named(code="PAR"), URSULA),
]
MAPS = [Map(UUID(int=3), "Karego-At", 5000)]
WORKS: dict[UUID, Book | Map] = {**{each.id: each for each in BOOKS}, **{each.id: each for each in MAPS}}
PEOPLE = {"ursula@example.org": Person("ursula@example.org", "U. K.", 9000, Career(45))}

"""Which pictures a product has, and when one of them has changed. How they look is in ``pictures``."""

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from subgraphs.products.domain import pictures
from subgraphs.products.domain.pictures import PictureSubject

MEDIA_TYPE = "image/svg+xml"
MOST_PICTURES = 8
_DIGEST_BYTES = 8


@dataclass(frozen=True, slots=True)
class Picture:
    """One of a product's pictures: what it shows in words, and in which colour the product is drawn."""

    alt_text: str
    colour: str | None


def pictures_of(title: str, colours: Sequence[str]) -> list[Picture]:
    """One picture in each colour, or a single one of a product that has none to choose."""
    if not colours:
        return [Picture(title, None)]
    return [Picture(f"{title}, {colour}", colour) for colour in colours[:MOST_PICTURES]]


def picture_version(subject: PictureSubject) -> str:
    """Differs whenever the picture does; it stands in the picture's address, which may therefore be cached for ever."""
    parts = (_drawing_version(), str(subject.id), subject.title, subject.category_slug, subject.category_name, subject.colour or "")
    return blake2b("\0".join(parts).encode(), digest_size=_DIGEST_BYTES).hexdigest()


@functools.cache
def _drawing_version() -> str:
    """A hash of the drawing's own code, so that nobody has to remember that pictures out there are outdated."""
    digest = blake2b(digest_size=_DIGEST_BYTES)
    for source in _drawing_sources():
        digest.update(source.read_bytes())
    return digest.hexdigest()


def _drawing_sources() -> Iterator[Path]:
    yield from sorted(Path(pictures.__file__).parent.rglob("*.py"))

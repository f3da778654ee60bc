"""Which pictures a product has, and when one of them has changed. How they look is in ``pictures``."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

from subgraphs.products.domain.pictures import PictureSubject

MEDIA_TYPE = "image/svg+xml"
MOST_PICTURES = 8
# Raise it when products are drawn differently: pictures in caches out there are kept for ever. A test notices.
DRAWING = "2"


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
    parts = (
        DRAWING,
        str(subject.id),
        subject.title,
        subject.category_slug,
        subject.category_name,
        subject.colour or "",
    )
    return blake2b("\0".join(parts).encode(), digest_size=8).hexdigest()

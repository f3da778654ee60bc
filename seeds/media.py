"""The pictures of the shop's products, and the addresses that they are put at."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from seeds.model import SeedCategory, SeedProduct
from seeds.pictures import PictureSubject, draw_product
from seeds.pictures.palette import named_colour

MEDIA_TYPE = "image/svg+xml"
MOST_PICTURES = 8
# Raise it when products are drawn differently: pictures in caches out there are kept for ever. A test notices.
DRAWING = "2"


@dataclass(frozen=True, slots=True)
class SeedPicture:
    """One of a product's pictures: the name of its file, what it shows in words, and what it is drawn from."""

    name: str
    alt_text: str
    subject: PictureSubject

    @property
    def version(self) -> str:
        """Differs whenever the picture does; it stands in the picture's address, which may be cached for ever."""
        subject = self.subject
        parts = (
            DRAWING,
            str(subject.id),
            subject.title,
            subject.category_slug,
            subject.category_name,
            subject.colour or "",
        )
        return blake2b("\0".join(parts).encode(), digest_size=8).hexdigest()

    @property
    def path(self) -> str:
        """Its address, without the host."""
        return f"/media/products/{self.subject.id}/{self.name}?v={self.version}"

    def drawn(self) -> bytes:
        """The picture itself."""
        return draw_product(self.subject).encode()


def pictures_of(product: SeedProduct, category: SeedCategory) -> list[SeedPicture]:
    """One in each colour that a product comes in, the main one first, or a single one; nothing is drawn yet."""
    return [
        SeedPicture(
            f"{number}.svg",
            alt_text,
            PictureSubject(product.id, product.title, category.slug, category.name, colour),
        )
        for number, (alt_text, colour) in enumerate(_shown(product), start=1)
    ]


def _shown(product: SeedProduct) -> Sequence[tuple[str, str | None]]:
    """What each picture shows in words, and the colour in which the product is drawn."""
    colours = list(_colours(product))[:MOST_PICTURES]
    return [(f"{product.title}, {colour}", colour) for colour in colours] or [(product.title, None)]


def _colours(product: SeedProduct) -> Iterator[str]:
    for option in product.options:
        for value in option.values:
            if named_colour(value.lower().split()):
                yield value

"""The picture itself: a wall, a shadow, and the shape that fits the product."""

import re
from dataclasses import dataclass
from hashlib import blake2b
from uuid import UUID
from xml.sax.saxutils import escape

from seeds.pictures import palette
from seeds.pictures.canvas import Paint, circle, ellipse, group, path, rect
from seeds.pictures.shapes import ANYTHING, BY_CATEGORY, BY_WORD
from seeds.pictures.shapes.shape import Shape

LONGEST_TITLE = 200
LONGEST_PHRASE = 3
PATTERNS = {
    "striped": "stripes", "breton": "stripes", "checked": "checks", "flannel": "checks", "lumber": "checks",
    "speckled": "speckles", "dotted": "dots", "nordic": "dots",
}  # fmt: skip
# Most things are plain; a pattern on everything looks like wrapping paper.
USUAL_PATTERNS = ("plain", "plain", "plain", "band", "stripes", "dots", "plain", "speckles")

_WORD = re.compile(r"[a-z]+")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class PictureSubject:
    """What a picture is drawn from; the same subject always gives the same picture."""

    id: UUID
    title: str
    category_slug: str
    category_name: str
    colour: str | None = None


def draw_product(subject: PictureSubject) -> str:
    """The product as an SVG document of 600 by 600."""
    seed = int.from_bytes(blake2b(subject.id.bytes, digest_size=8).digest(), "big")
    shape = shape_of(subject)
    paint = _paint(subject, shape, seed)
    scale = 0.96 + seed % 5 * 0.02
    placed = group(shape.draw(paint), f"translate({300 - 300 * scale:.1f} {470 - 470 * scale:.1f}) scale({scale:.2f})")
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 600" width="600" height="600" role="img">'
        f"<title>{_text(subject.title)}</title>{_wall(paint, shape, seed >> 8)}{placed}</svg>"
    )


def shape_of(subject: PictureSubject) -> Shape:
    """The thing is named at the end of a title, so its last telling word decides; then the category; then a parcel."""
    by_title = _by_words(_words(subject.title))
    by_category = BY_CATEGORY.get(subject.category_slug) or _by_words(_words(subject.category_name))
    return by_title or by_category or ANYTHING


def _by_words(words: list[str]) -> Shape | None:
    for position in range(len(words) - 1, -1, -1):
        found = _by_phrase(words[max(position + 1 - LONGEST_PHRASE, 0) : position + 1])
        if found:
            return found
    return None


def _by_phrase(words: list[str]) -> Shape | None:
    """The shape of the longest known phrase that these words end with: a pen cup is no cup."""
    for start in range(len(words)):
        phrase = " ".join(words[start:])
        found = BY_WORD.get(phrase) or BY_WORD.get(phrase.removesuffix("s"))
        if found:
            return found
    return None


def _paint(subject: PictureSubject, shape: Shape, seed: int) -> Paint:
    words = _words(subject.title)
    unnamed = palette.COLOURS[shape.usual_colour or palette.UNNAMED[seed % len(palette.UNNAMED)]]
    main = palette.named_colour(_words(subject.colour or "")) or palette.named_colour(words) or unnamed
    pattern = next((PATTERNS[word] for word in words if word in PATTERNS), None)
    return Paint(
        main=main,
        dark=palette.mix(main, "#1f1a17", 0.22),
        deep=palette.mix(main, "#1f1a17", 0.45),
        light=palette.mix(main, "#fffaf0", 0.55),
        accent=palette.farthest(main, palette.ACCENTS, seed >> 16),
        pattern=pattern or USUAL_PATTERNS[(seed >> 24) % len(USUAL_PATTERNS)],
        variation=(seed >> 32) % 1000,
    )


def _wall(paint: Paint, shape: Shape, seed: int) -> str:
    walls = palette.DEEP_WALLS if palette.brightness(paint.main) > 0.74 else palette.LIGHT_WALLS
    wall = palette.distinct(paint.main, tuple(wall for wall, _ in walls), seed)
    figure = dict(walls)[wall]
    shadow = ellipse(300, 470, 190, 16, palette.mix(figure, "#1f1a17", 0.35), 0.55) if shape.stands else ""
    return rect(0, 0, 600, 600, wall) + _figure(figure, seed >> 4, shape.stands) + shadow


def _figure(colour: str, seed: int, stands: bool) -> str:
    floor = rect(0, 470, 600, 130, colour, opacity=0.6) if stands else ""
    figures = (
        circle(300, 290, 215, colour),
        path("M95 600V290a205 205 0 0 1 410 0V600Z", colour),
        path("M60 470a240 240 0 0 1 480 0Z", colour) if stands else circle(300, 300, 230, colour),
        circle(390, 230, 170, colour) + circle(180, 370, 110, colour),
    )
    return floor + figures[seed % len(figures)]


def _words(text: str) -> list[str]:
    return _WORD.findall(text[:LONGEST_TITLE].lower())


def _text(title: str) -> str:
    """The title as XML text: characters that XML can't carry are dropped, the rest is escaped."""
    return escape(_NOT_XML.sub("", title)[:LONGEST_TITLE])

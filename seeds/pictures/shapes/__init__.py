"""What there is to draw, found by the words of a title or by a category's slug.

Every shape fits a field of 600 by 600 with its centre at x = 300 and, when it stands, its foot at y = 470.
"""

from seeds.pictures.shapes import (
    accessories,
    bags,
    camping,
    clothing,
    cookware,
    games,
    garden,
    generic,
    lighting,
    paper,
    tableware,
    toys,
    vehicles,
    writing,
)
from seeds.pictures.shapes.shape import Shape

_ROOMS = (tableware, cookware, lighting, paper, writing, camping, garden, clothing, accessories, bags, games, toys)

BY_WORD: dict[str, Shape] = {word: shape for room in (*_ROOMS, vehicles) for word, shape in room.BY_WORD.items()}
BY_CATEGORY: dict[str, Shape] = {slug: shape for room in _ROOMS for slug, shape in room.BY_CATEGORY.items()}
ANYTHING = generic.PARCEL

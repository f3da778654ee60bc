"""Products beyond the curated ones: a category's words combined, for loads that 240 products can't make."""

from seeds.determinism import Draws
from seeds.draft import Draft, Kind, Leaf, Option, colours
from seeds.vocabulary.names import NAMES

MOST_VARIANTS = 6


def generated_draft(leaf: Leaf, number: int) -> Draft:
    draws = Draws(f"generated:{number}")
    kind = draws.pick(leaf.kinds)
    name, making = draws.pick(NAMES), draws.pick(leaf.makings)
    return Draft(
        title=f"{name} {making} {kind.noun}",
        description=f"{kind.sentence} {draws.pick(leaf.remarks)}",
        price_minor=draws.number(*kind.euros) * 100 - 10,
        weight_grams=draws.number(*kind.grams),
        options=_options(leaf, kind, draws),
    )


def _options(leaf: Leaf, kind: Kind, draws: Draws) -> tuple[Option, ...]:
    room = MOST_VARIANTS // (len(kind.sizes.choices) if kind.sizes else 1)
    wanted = min(draws.number(1, 3), room)
    start = draws.number(0, len(leaf.colours) - wanted)
    coloured = colours(*leaf.colours[start : start + wanted])
    return (coloured, kind.sizes) if kind.sizes else (coloured,)

"""The catalogue: 240 products written by hand, then as many generated ones as asked for; always in the same order."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain, product, repeat
from uuid import UUID

from seeds.determinism import uuid7
from seeds.draft import Choice, Department, Draft, Leaf, Option
from seeds.generated import generated_draft
from seeds.model import SeedCategory, SeedOption, SeedProduct, SeedVariant
from seeds.naming import option_codes, slug_of
from seeds.vocabulary import DEPARTMENTS

OPENING_DAY = datetime(2024, 1, 1, tzinfo=UTC)
ONLY_VARIANT = "Standard"

_LEAVES = tuple(leaf for department in DEPARTMENTS for leaf in department.leaves)
# One of each category in turn, so that every page of the newest products shows the whole shop.
_CURATED: tuple[tuple[Leaf, Draft], ...] = tuple(
    chain.from_iterable(zip(*(zip(repeat(leaf), leaf.curated, strict=False) for leaf in _LEAVES), strict=True))
)


def catalogue(count: int = len(_CURATED)) -> Iterator[SeedProduct]:
    """The first `count` products, made one by one as they are asked for."""
    category_ids = {category.slug: category.id for category in categories()}
    for number in range(count):
        leaf, draft = _leaf_and_draft(number)
        yield _product(number, leaf, draft, category_ids[leaf.slug])


def categories() -> list[SeedCategory]:
    """The tree of categories, parents before their children."""
    found: list[SeedCategory] = []
    for position, department in enumerate(DEPARTMENTS):
        parent = _category(department, None, position)
        found.append(parent)
        found.extend(_category(leaf, parent.id, i) for i, leaf in enumerate(department.leaves))
    return found


def _category(place: Department | Leaf, parent_id: UUID | None, position: int) -> SeedCategory:
    depth = 0 if parent_id is None else 1
    category_id = uuid7(OPENING_DAY, depth * 100 + position, f"category:{place.slug}")
    return SeedCategory(category_id, place.slug, place.name, place.description, parent_id, position)


def _leaf_and_draft(number: int) -> tuple[Leaf, Draft]:
    if number < len(_CURATED):
        return _CURATED[number]
    leaf = _LEAVES[number % len(_LEAVES)]
    return leaf, generated_draft(leaf, number)


def _product(number: int, leaf: Leaf, draft: Draft, category_id: UUID) -> SeedProduct:
    created_at = _created_at(number)
    return SeedProduct(
        id=uuid7(created_at, 0, f"product:{number}"),
        slug=_slug(number, draft.title),
        title=draft.title,
        description=draft.description,
        category_id=category_id,
        options=tuple(SeedOption(option.name, tuple(c.value for c in option.choices)) for option in draft.options),
        variants=tuple(_variants(number, leaf, draft, created_at)),
        created_at=created_at,
    )


def _created_at(number: int) -> datetime:
    """One curated product came a day; the generated ones came in bulk, so that a million still lie in the past."""
    by_hand = min(number, len(_CURATED))
    return OPENING_DAY + timedelta(days=1 + by_hand, seconds=20 * (number - by_hand))


def _slug(number: int, title: str) -> str:
    # Curated titles are distinct by themselves; generated ones repeat and need their number.
    return slug_of(title) if number < len(_CURATED) else f"{slug_of(title)}-{number + 1}"


def _variants(number: int, leaf: Leaf, draft: Draft, created_at: datetime) -> Iterator[SeedVariant]:
    sku_base = f"{leaf.sku_prefix}-{number + 1:04d}"
    codes = [option_codes(tuple(choice.value for choice in option.choices)) for option in draft.options]
    chosen_codes = product(*codes)
    for position, chosen in enumerate(product(*(option.choices for option in draft.options))):
        sku = "-".join((sku_base, *next(chosen_codes)))
        yield _variant(sku, draft, chosen, uuid7(created_at, position + 1, f"variant:{sku}"))


def _variant(sku: str, draft: Draft, chosen: tuple[Choice, ...], variant_id: UUID) -> SeedVariant:
    return SeedVariant(
        id=variant_id,
        sku=sku,
        title=" / ".join(choice.value for choice in chosen) or ONLY_VARIANT,
        selected_options=_selected(draft.options, chosen),
        price_minor=draft.price_minor + sum(choice.extra_minor for choice in chosen),
        weight_grams=draft.weight_grams + sum(choice.extra_grams for choice in chosen),
    )


def _selected(options: tuple[Option, ...], chosen: tuple[Choice, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((option.name, choice.value) for option, choice in zip(options, chosen, strict=True))

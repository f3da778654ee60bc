"""The words in which the vocabulary is written: what a person notes about a product before it has ids and SKUs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of an option, and what it adds to the price and weight of the product."""

    value: str
    extra_minor: int = 0
    extra_grams: int = 0


@dataclass(frozen=True, slots=True)
class Option:
    name: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    title: str
    description: str
    price_minor: int
    weight_grams: int
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """A sort of thing of which the generated part of the catalogue makes any number."""

    noun: str
    sentence: str
    euros: tuple[int, int]
    grams: tuple[int, int]
    sizes: Option | None = None


@dataclass(frozen=True, slots=True)
class Leaf:
    """A category that holds products, with all that is known about making them."""

    slug: str
    name: str
    description: str
    sku_prefix: str
    curated: tuple[Draft, ...]
    kinds: tuple[Kind, ...]
    makings: tuple[str, ...]
    colours: tuple[str, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Department:
    slug: str
    name: str
    description: str
    leaves: tuple[Leaf, ...]


def draft(title: str, description: str, price_minor: int, weight_grams: int, *options: Option) -> Draft:
    return Draft(title, description, price_minor, weight_grams, options)


def option(name: str, *values: str) -> Option:
    """An option whose values all cost and weigh the same."""
    return Option(name, tuple(Choice(value) for value in values))


def colours(*values: str) -> Option:
    return option("Colour", *values)


def sizes(*values: str) -> Option:
    return option("Size", *values)


def steps(name: str, extra_minor: int, extra_grams: int, *values: str) -> Option:
    """An option whose every next value costs and weighs that much more than the one before it."""
    return Option(name, tuple(Choice(value, extra_minor * i, extra_grams * i) for i, value in enumerate(values)))

"""Pins are typed: what the contracts do not allow is told in one line with its file and key."""

from pathlib import Path

import pytest

from seeds.catalogue import catalogue
from tests.unit.examples.asking import ask
from tilt.embedded.process import REPOSITORY
from tilt.examples.contract import read_contract
from tilt.examples.pin_files import read_checked
from tilt.examples.pins import PinError

SHIPPED = REPOSITORY / "tests" / "slices" / "orders.yaml"
PRODUCT = "018cc778-5000-7000-8f2f-a32e8d992a7d"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("pin: {}", "pin: is none of events, pins"),
        ("- 1", "is no mapping of keys"),
        ("pins: {Product x: 1}", "pins.Product x: is no mapping of keys"),
        ("pins: {Prodct: {title: a}}", "pins.Prodct.title: no subgraph has a type Prodct"),
        ("pins: {Product: {titel: a}}", "pins.Product.titel: Product has no field titel"),
        ("pins: {Product: {title: 7}}", "pins.Product.title: 7 is no String"),
        ("pins: {Product: {title: null}}", "pins.Product.title: can't be null"),
        ("pins: {Product: {variants: x}}", "pins.Product.variants: is no list"),
        ("pins: {Product: {variants: [7]}}", "pins.Product.variants[0]: 7 is no id of ProductVariant"),
        ("pins: {Money x: {amount: '1.00'}}", "pins.Money x.amount: Money has no key of one field to name one by"),
        (
            "pins: {ProductVariant: {price: {amount: 1.5, currency: EUR}}}",
            'pins.ProductVariant.price.amount: 1.5 is no Decimal: write a string such as "19.90"',
        ),
        (
            "pins: {ProductVariant: {price: {amont: '1.00'}}}",
            "pins.ProductVariant.price.amont: Money has no field amont",
        ),
        (
            "pins: {Stock: {status: PLENTY}}",
            "pins.Stock.status: 'PLENTY' is none of IN_STOCK, LOW_STOCK, OUT_OF_STOCK, BACKORDER",
        ),
        ("pins: {Query: {'product(sku: 1)': x}}", "pins.Query.product(sku: 1): Query.product has no argument sku"),
        ("pins: {Query: {'product(id: [])': x}}", "pins.Query.product(id: []): id: [] is no ID"),
        (
            "pins: {Query: {'product { id }': x}}",
            'pins.Query.product { id }: write a field, with arguments if it matters: product(slug: "kettle")',
        ),
        ("events: {mercato.products.Sold: [{}]}", "events.mercato.products.Sold[0]: no subgraph publishes"),
        (
            "events: {mercato.products.ProductWithdrawn: [{productId: x, version: 1}]}",
            "events.mercato.products.ProductWithdrawn[0].productId: 'x' is not a 'uuid'",
        ),
        (
            f"events: {{mercato.products.ProductWithdrawn: [{{productId: {PRODUCT}}}]}}",
            "events.mercato.products.ProductWithdrawn[0]: 'version' is a required property",
        ),
    ],
)
def test_what_can_not_be_is_told_with_its_file_and_key(tmp_path: Path, text: str, complaint: str) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(text)
    with pytest.raises(PinError) as told:
        read_checked([file])
    assert str(told.value).startswith("mine.yaml: ")
    assert complaint in str(told.value)
    assert "\n" not in str(told.value)


def test_the_pinned_products_are_those_of_the_catalogue_whose_stock_inventory_has() -> None:
    """Else orders would remember of a slice what the whole mesh contradicts."""
    pins = read_checked([SHIPPED])
    seeded = {str(product.id): product for product in catalogue(20)}
    query = """query ($id: ID!) { product(id: $id) { slug title
      variants { id sku title weightGrams price { amount currency } product { id } } } }"""
    assert len(pins.events) == len(pins.names("Product")) == 3
    for event in pins.events:
        product = seeded[event.payload["productId"]]
        answered = ask(read_contract("products"), query, pins, id=str(product.id))["product"]
        assert (answered["slug"], answered["title"]) == (product.slug, product.title)
        told = event.payload
        assert (told["slug"], told["title"], told["version"]) == (product.slug, product.title, 1)
        assert list(map(_of_answer, answered["variants"])) == list(map(_of_event, told["variants"]))
        assert [(each["variantId"], each["priceMinor"]) for each in event.payload["variants"]] == [
            (str(variant.id), variant.price_minor) for variant in product.variants
        ]


def _of_answer(variant: dict[str, object]) -> tuple[object, ...]:
    price = variant["price"]
    assert isinstance(price, dict)
    minor = int(price["amount"].replace(".", ""))
    return (variant["id"], variant["sku"], variant["title"], variant["weightGrams"], minor, price["currency"])


def _of_event(variant: dict[str, object]) -> tuple[object, ...]:
    return tuple(variant[name] for name in ("variantId", "sku", "title", "weightGrams", "priceMinor", "currency"))

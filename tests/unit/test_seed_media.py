"""Pictures: drawn from the product's data, harmless whatever that is, at addresses that change with them."""

import dataclasses
import re
import xml.etree.ElementTree as ElementTree
from hashlib import sha256
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seeds.catalogue import catalogue, categories
from seeds.media import DRAWING, MOST_PICTURES, SeedPicture, pictures_of
from seeds.model import SeedOption, SeedProduct
from seeds.pictures import PictureSubject, draw_product

LAMP = PictureSubject(UUID(int=7), "Desk Lamp", "lighting", "Lighting", "Brass")
HOSTILE = [
    "<script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "]]><![CDATA[",
    "&lt;&#x3c;",
    "<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>",
    "\x00\x08\ufffe\ud800 lamp",
    "a" * 100_000,
    "",
]
_REFERENCE = re.compile(r"(?:href|src|url\()", re.IGNORECASE)


def drawn(subject: PictureSubject) -> ElementTree.Element:
    return ElementTree.fromstring(draw_product(subject).encode())


def assert_harmless(svg: ElementTree.Element) -> None:
    for element in svg.iter():
        assert element.tag.removeprefix("{http://www.w3.org/2000/svg}") not in {
            "script",
            "foreignObject",
            "image",
            "use",
            "style",
            "a",
        }
        for name, value in element.attrib.items():
            assert not name.lower().startswith("on")
            assert not _REFERENCE.search(value) or value.startswith("url(#")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_data_stays_text(text: str) -> None:
    svg = drawn(PictureSubject(UUID(int=7), text, text, text, text))
    assert_harmless(svg)
    assert len(svg) > 2


@settings(max_examples=100, deadline=None)
@given(
    title=st.text(max_size=60),
    category=st.text(max_size=20),
    colour=st.none() | st.text(max_size=20),
    number=st.uuids(),
)
def test_any_data_gives_a_well_formed_harmless_picture(
    title: str, category: str, colour: str | None, number: UUID
) -> None:
    assert_harmless(drawn(PictureSubject(number, title, category, category, colour)))


def test_the_same_product_gives_the_same_picture() -> None:
    assert draw_product(LAMP) == draw_product(dataclasses.replace(LAMP))


def test_every_product_of_the_shop_has_a_picture_of_modest_size() -> None:
    places = {category.id: category for category in categories()}
    for product in catalogue():
        place = places[product.category_id]
        picture = draw_product(PictureSubject(product.id, product.title, place.slug, place.name))
        assert 500 < len(picture) < 20_000
        assert ElementTree.fromstring(picture).find("{http://www.w3.org/2000/svg}title").text == product.title  # type: ignore[union-attr]


def test_pictures_that_look_different_have_another_version_of_the_drawing() -> None:
    """When this fails the drawings have changed.

    Raise DRAWING, so that caches fetch them anew, and write its digest here.
    """
    places = {category.id: category for category in categories()}
    digest = sha256()
    for product in catalogue():
        place = places[product.category_id]
        digest.update(draw_product(PictureSubject(product.id, product.title, place.slug, place.name)).encode())
    assert {DRAWING: digest.hexdigest()} == {"2": "8626105b4e2418106beba6405ae4d2770a4d3f09ee633f14b80879a7ae85812e"}


@pytest.mark.parametrize(
    "change",
    [
        {"id": uuid4()},
        {"title": "Floor Lamp"},
        {"category_slug": "lamps"},
        {"category_name": "Lamps"},
        {"colour": "Copper"},
    ],
)
def test_whatever_a_picture_is_drawn_from_changes_its_version(change: dict[str, object]) -> None:
    other = dataclasses.replace(LAMP, **change)  # type: ignore[arg-type]
    assert SeedPicture("1.svg", "", other).version != SeedPicture("1.svg", "", LAMP).version


def lamp(*options: SeedOption) -> SeedProduct:
    return dataclasses.replace(next(catalogue(1)), id=LAMP.id, title=LAMP.title, options=options)


def test_a_product_has_a_picture_in_each_colour_or_a_single_one() -> None:
    place = categories()[-1]
    sizes = SeedOption("Size", ("Small", "Large"))
    (single,) = pictures_of(lamp(sizes), place)
    assert (single.alt_text, single.subject.colour) == ("Desk Lamp", None)
    colours = pictures_of(lamp(sizes, SeedOption("Colour", ("Brass", "Black"))), place)
    assert [(each.name, each.alt_text, each.subject.colour) for each in colours] == [
        ("1.svg", "Desk Lamp, Brass", "Brass"),
        ("2.svg", "Desk Lamp, Black", "Black"),
    ]
    assert len(pictures_of(lamp(SeedOption("Colour", ("Brass",) * 100)), place)) == MOST_PICTURES


def test_an_address_names_the_product_the_file_and_its_version() -> None:
    picture = SeedPicture("1.svg", "", LAMP)
    assert picture.path == f"/media/products/{LAMP.id}/1.svg?v={picture.version}"
    assert picture.drawn().startswith(b"<svg ")

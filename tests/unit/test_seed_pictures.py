"""What pictures show: the thing that the product is, in its colour, small enough for a page of twenty."""

import dataclasses
import re
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterator
from uuid import UUID

import pytest

from seeds.catalogue import catalogue, categories
from seeds.pictures import PictureSubject, draw_product
from seeds.pictures.drawing import shape_of
from seeds.pictures.palette import COLOURS, brightness, distance, named_colour
from seeds.pictures.shapes import ANYTHING, BY_CATEGORY, BY_WORD

LARGEST = 6 * 1024
MUG = PictureSubject(UUID(int=7), "Harbour Mug", "tableware", "Tableware", "Navy")


def subjects(count: int) -> Iterator[PictureSubject]:
    """The products of the shop, each in every colour that it comes in, or in none."""
    places = {category.id: category for category in categories()}
    for product in catalogue(count):
        place = places[product.category_id]
        colours: list[str | None] = [
            value for option in product.options if option.name == "Colour" for value in option.values
        ]
        for colour in colours or [None]:
            yield PictureSubject(product.id, product.title, place.slug, place.name, colour)


def named(title: str) -> PictureSubject:
    return dataclasses.replace(MUG, title=title)


def test_every_picture_is_well_formed_small_and_square() -> None:
    for subject in subjects(2_000):
        picture = draw_product(subject)
        assert len(picture.encode()) < LARGEST, subject.title
        svg = ElementTree.fromstring(picture)
        assert (svg.get("viewBox"), svg.get("width"), svg.get("height"), svg.get("role")) == (
            "0 0 600 600",
            "600",
            "600",
            "img",
        )


def test_every_shape_is_well_formed_and_small_in_every_variation() -> None:
    for words in BY_WORD:
        for number in range(12):
            picture = draw_product(dataclasses.replace(MUG, id=UUID(int=number), title=words))
            assert len(ElementTree.fromstring(picture)) > 2
            assert len(picture.encode()) < LARGEST, words


def test_clippings_of_a_picture_refer_to_themselves_alone() -> None:
    for subject in subjects(240):
        picture = draw_product(subject)
        assert set(re.findall(r'<clipPath id="(\w+)"', picture)) == set(re.findall(r"url\(#(\w+)\)", picture))


def test_every_curated_product_is_drawn_as_what_its_title_names() -> None:
    for subject in subjects(240):
        by_title_alone = dataclasses.replace(subject, category_slug="", category_name="")
        assert shape_of(by_title_alone) is not ANYTHING, subject.title


def test_every_generated_product_is_drawn_as_what_its_title_names() -> None:
    for subject in subjects(2_000):
        assert shape_of(dataclasses.replace(subject, category_slug="", category_name="")) is not ANYTHING, subject.title


def test_no_two_products_of_the_shop_share_a_picture() -> None:
    pictures = Counter(draw_product(subject) for subject in subjects(240))
    assert max(pictures.values()) == 1


@pytest.mark.parametrize(
    ("title", "word"),
    [
        ("Harbour Mug", "mug"),
        ("Chisel Pen Cup", "pen cup"),
        ("Mira Egg Cup Pair", "egg cup"),
        ("Tripod Floor Lamp", "tripod floor lamp"),
        ("Two Mugs", "mug"),
        ("Picnic Cooler Tote", "tote"),
    ],
)
def test_the_longest_phrase_at_the_end_of_a_title_decides(title: str, word: str) -> None:
    assert shape_of(named(title)) is BY_WORD[word]


def test_a_title_that_names_nothing_is_drawn_as_its_category() -> None:
    assert shape_of(named("Xylem 3000")) is BY_CATEGORY["tableware"]
    assert shape_of(PictureSubject(UUID(int=7), "Xylem 3000", "t-7", "Floor Lamps")) is BY_WORD["floor lamp"]


def test_what_nothing_is_known_about_is_drawn_as_a_parcel() -> None:
    unknown = PictureSubject(UUID(int=7), "Xylem 3000", "widgets", "Widgets")
    assert shape_of(unknown) is ANYTHING
    assert len(ElementTree.fromstring(draw_product(unknown))) > 2


def test_every_category_of_the_shop_has_a_shape_of_its_own() -> None:
    parents = {category.parent_id for category in categories()}
    assert {category.slug for category in categories() if category.id not in parents} == set(BY_CATEGORY)


def test_products_have_the_colour_of_their_name() -> None:
    assert COLOURS["navy"] in draw_product(MUG)
    assert COLOURS["rust"] in draw_product(dataclasses.replace(MUG, colour="RUST"))
    assert COLOURS["brass"] in draw_product(dataclasses.replace(MUG, title="Brass Mug", colour=None))


def test_an_unknown_colour_is_one_that_fits_the_thing() -> None:
    board = dataclasses.replace(MUG, title="Chopping Board", colour="Mauve Mist")
    assert COLOURS["oak"] in draw_product(board)
    assert draw_product(board) == draw_product(dataclasses.replace(board, colour=None))


def test_every_colour_of_the_shop_is_known() -> None:
    worn = {subject.colour for subject in subjects(2_000) if subject.colour}
    assert {colour for colour in worn if named_colour(colour.lower().split()) is None} == set()
    assert len(worn) > 30


def test_a_thing_stands_out_from_the_wall_behind_it() -> None:
    for colour in COLOURS:
        for number in range(20):
            subject = dataclasses.replace(MUG, id=UUID(int=number), colour=colour)
            wall = re.search(r'<rect x="0" y="0" width="600" height="600" fill="(#\w+)"', draw_product(subject))
            assert wall is not None
            assert distance(wall[1], COLOURS[colour]) > 60, colour
            assert brightness(wall[1]) > 0.5


def test_products_of_one_kind_vary_with_their_id() -> None:
    pictures = {draw_product(dataclasses.replace(MUG, id=UUID(int=number))) for number in range(40)}
    assert len(pictures) > 30


@pytest.mark.parametrize("title", ["Cup & <Saucer>", 'The "Big" Mug\'s lid', "]]> Mug", "Ünï ☕ Mug", "x" * 500])
def test_titles_are_read_out_as_they_are_written(title: str) -> None:
    svg = ElementTree.fromstring(draw_product(named(title)))
    assert svg.findtext("{http://www.w3.org/2000/svg}title") == title[:200]


def test_characters_that_xml_cannot_carry_are_left_out() -> None:
    svg = ElementTree.fromstring(draw_product(named("Mu\x00g \x1b\ud800\uffff!")).encode())
    assert svg.findtext("{http://www.w3.org/2000/svg}title") == "Mug !"

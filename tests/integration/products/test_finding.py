"""What lists find: words, prices and places, on shops made for the question."""

import pytest

from shared.persistence import db
from shared.runtime.subgraph import Subgraph
from subgraphs.products.queries.category_tree import Categories
from subgraphs.products.queries.filters import ProductFilter
from subgraphs.products.queries.sorting import ProductSort
from tests.integration.products.builders import listed, new_category, new_product, titles


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("lantern", ["Camp Lanterns", "Storm Lantern"]),
        ("lanterns", ["Camp Lanterns", "Storm Lantern"]),
        ("STORM", ["Storm Lantern"]),
        ("storm brass", ["Storm Lantern"]),
        ("brass storm", ["Storm Lantern"]),
        ("lant", ["Camp Lanterns", "Storm Lantern"]),
        ("camp lan", ["Camp Lanterns"]),
        ("bra", []),
        ("lantern -brass", ["Camp Lanterns"]),
        ("whisk or storm", ["Feather Whisk", "Storm Lantern"]),
        ('"camp lanterns"', ["Camp Lanterns"]),
        ('"lanterns camp"', []),
        ("whisking", ["Feather Whisk"]),
        ("the", []),
        ("motorboat", []),
    ],
)
async def test_words_are_found_in_titles_and_descriptions(products: Subgraph, text: str, found: list[str]) -> None:
    category = await new_category("things")
    await new_product(category, "Storm Lantern", 100, description="Of solid brass, it burns for a night.")
    await new_product(category, "Camp Lanterns", 100, description="Two of them, folding.")
    await new_product(category, "Feather Whisk", 100, description="For eggs.")
    assert await titles(ProductFilter(text=text)) == found


async def test_a_price_between_those_of_two_variants_finds_neither(products: Subgraph) -> None:
    category = await new_category("things")
    await new_product(category, "Cheap and dear", 1000, 9000)
    await new_product(category, "In between", 5000)
    await new_product(category, "All over", 1000, 5000, 9000)
    assert await titles(ProductFilter(min_price=4000, max_price=6000)) == ["All over", "In between"]
    assert await titles(ProductFilter(min_price=1000, max_price=1000)) == ["All over", "Cheap and dear"]
    assert await titles(ProductFilter(min_price=9000)) == ["All over", "Cheap and dear"]
    assert await titles(ProductFilter(max_price=999)) == []
    assert await (await listed(ProductFilter(min_price=4000, max_price=6000))).count() == 2


async def test_a_category_has_what_is_below_it_at_any_depth(products: Subgraph) -> None:
    parent = None
    for depth in range(6):
        parent = await new_category(f"level-{depth}", parent)
        await new_product(parent, f"Thing {depth}", 100)
    for depth in range(6):
        expected = [f"Thing {number}" for number in range(depth, 6)]
        assert await titles(ProductFilter(category=f"level-{depth}")) == expected
        assert await titles(ProductFilter(category=f"level-{depth}", text="thing")) == expected
        assert await (await listed(ProductFilter(category=f"level-{depth}"))).count() == len(expected)


async def test_titles_are_sorted_without_regard_to_case(products: Subgraph) -> None:
    category = await new_category("things")
    for title in ("cherry", "Banana", "apple", "Äpfel", "äpfel", "BANANA split"):
        await new_product(category, title, 100)
    found: list[str] = []
    after = None
    while True:
        page = await listed(ProductFilter(), ProductSort.TITLE, first=1, after=after)
        found += [product.title.lower() for product in page.nodes]
        after = page.page_info.end_cursor
        if not page.has_next_page:
            break
    assert found == ["apple", "banana", "banana split", "cherry", "äpfel", "äpfel"]


@pytest.mark.parametrize("sort", ProductSort)
async def test_products_that_are_equal_to_the_sort_are_listed_once_each(products: Subgraph, sort: ProductSort) -> None:
    category = await new_category("things")
    async with db.transaction():
        slugs = {await new_product(category, "The Same", 100) for _ in range(7)}
    found: list[str] = []
    after = None
    for _ in range(4):
        page = await listed(ProductFilter(category="things"), sort, first=2, after=after)
        found += [product.slug for product in page.nodes]
        after = page.page_info.end_cursor
    assert len(found) == 7
    assert set(found) == slugs


async def test_a_product_of_a_new_category_is_listed_at_once(products: Subgraph) -> None:
    categories = Categories()
    await new_product(await new_category("old"), "Old", 100)
    await listed(ProductFilter(), categories=categories)
    await new_product(await new_category("new"), "New", 100)
    page = await listed(ProductFilter(), categories=categories)
    assert [product.category.slug for product in page.nodes] == ["new", "old"]


async def test_a_page_that_ends_with_the_list_has_no_next_one(products: Subgraph) -> None:
    category = await new_category("things")
    for number in range(3):
        await new_product(category, f"Thing {number}", 100)
    whole = await listed(ProductFilter(), first=3)
    part = await listed(ProductFilter(), first=2)
    assert (len(whole.nodes), whole.has_next_page) == (3, False)
    assert (len(part.nodes), part.has_next_page) == (2, True)

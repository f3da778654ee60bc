"""Keyset pages."""

import pytest

from shared.errors import BadUserInput
from shared.graphql.pagination import connection, encode_cursor, page_request


def page_of_numbers(first: int | None, after: str | None) -> list[int]:
    page = page_request(first, after, 1, "numbers")
    start = page.after[0] + 1 if page.after else 0
    rows = list(range(start, min(45, start + page.limit)))
    return list(connection(rows, page, lambda number: (number,)).nodes)


def test_pages_follow_each_other_without_gap_or_overlap() -> None:
    seen: list[int] = []
    after = None
    while page := page_of_numbers(None, after):
        seen += page
        after = encode_cursor(page_request(1, None, 1, "numbers").tag, (page[-1],))
    assert seen == list(range(45))


def test_a_page_knows_whether_others_follow_and_precede() -> None:
    first = connection([1, 2, 3], page_request(2, None, 1), lambda number: (number,))
    assert (first.page_info.has_next_page, first.page_info.has_previous_page) == (True, False)
    last = connection([3], page_request(2, first.page_info.end_cursor, 1), lambda number: (number,))
    assert (last.page_info.has_next_page, last.page_info.has_previous_page) == (False, True)


def test_an_empty_page_has_no_cursors() -> None:
    nothing: list[int] = []
    empty = connection(nothing, page_request(2, None, 1), lambda number: (number,))
    assert (empty.page_info.start_cursor, empty.page_info.end_cursor) == (None, None)


@pytest.mark.parametrize("first", [0, -1, 101])
def test_a_page_of_an_impossible_size_is_rejected(first: int) -> None:
    with pytest.raises(BadUserInput) as rejection:
        page_request(first, None, 1)
    assert rejection.value.field == ("first",)


@pytest.mark.parametrize("of", [("letters", 7), ("numbers", 8), ("numbers",), ("numbers", 7, "odd")])
def test_a_cursor_of_another_list_owner_or_filter_is_rejected(of: tuple[object, ...]) -> None:
    page = page_request(2, None, 1, "numbers", 7)
    cursor = connection([1, 2, 3], page, lambda number: (number,)).page_info.end_cursor
    assert page_request(2, cursor, 1, "numbers", 7).after == (2,)
    with pytest.raises(BadUserInput) as rejection:
        page_request(2, cursor, 1, *of)
    assert rejection.value.field == ("after",)


@pytest.mark.parametrize("after", ["", "nonsense", "e30", "WzEsMl0", "\u00fc", "WyJhIiwxXQ", "WyJhIiwxXQ\n"])
def test_what_is_no_cursor_is_rejected(after: str) -> None:
    with pytest.raises(BadUserInput) as rejection:
        page_request(1, after, 1)
    assert rejection.value.field == ("after",)

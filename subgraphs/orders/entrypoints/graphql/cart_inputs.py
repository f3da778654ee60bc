"""The inputs of mutations of carts: what is read here can be relied on."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from shared.errors import UserErrors
from shared.graphql.form import Form
from shared.ids import try_parse_id
from subgraphs.orders.commands.add_cart_lines import AddCartLines
from subgraphs.orders.commands.merge_carts import MergeCarts
from subgraphs.orders.commands.remove_cart_lines import RemoveCartLines
from subgraphs.orders.commands.update_cart_lines import UpdateCartLines
from subgraphs.orders.domain.cart import MAX_LINES, MAX_QUANTITY
from subgraphs.orders.domain.cart_changes import WantedQuantity, WantedUnits
from subgraphs.orders.domain.errors import OrderErrorCode
from subgraphs.orders.entrypoints.graphql.cart_rejections import (
    cart_not_found,
    quantity_out_of_range,
    repeated_line,
    wrong_count,
)

Input = Mapping[str, Any]
Line = Mapping[str, Any]

_NOTHING = UUID(int=0)


def additions(input: Input, user_id: UUID | None) -> AddCartLines:
    """The input of ``cartAddLines``. Raises UserErrors, naming each field that is wrong."""
    lines = _few(input["lines"], "lines")
    form = Form(OrderErrorCode.INVALID)
    _read_quantities(form, lines)
    form.check()
    wanted = [WantedUnits(_id(line["variant_id"]), line["quantity"]) for line in lines]
    return AddCartLines(_cart_id(input), user_id, wanted)


def updates(input: Input, user_id: UUID | None) -> UpdateCartLines:
    """The input of ``cartUpdateLines``. Raises UserErrors, naming each field that is wrong."""
    lines = _few(input["lines"], "lines")
    form = Form(OrderErrorCode.INVALID)
    _read_quantities(form, lines)
    _read_line_ids(form, lines)
    form.check()
    wanted = [WantedQuantity(_id(line["line_id"]), line["quantity"]) for line in lines]
    return UpdateCartLines(_cart_id(input), user_id, wanted)


def removals(input: Input, user_id: UUID | None) -> RemoveCartLines:
    """The input of ``cartRemoveLines``. Raises UserErrors, naming each field that is wrong."""
    line_ids = _few(input["line_ids"], "lineIds")
    return RemoveCartLines(_cart_id(input), user_id, [_id(line_id) for line_id in line_ids])


def merge(input: Input, user_id: UUID) -> MergeCarts:
    """The input of ``cartMerge``. Raises UserErrors, naming each field that is wrong."""
    return MergeCarts(_cart_id(input), user_id)


def _cart_id(input: Input) -> UUID:
    cart_id = try_parse_id(input["cart_id"])
    if cart_id is None:
        raise UserErrors(cart_not_found())
    return cart_id


def _id(typed: str) -> UUID:
    """An id; what can't be one is of nothing that there is."""
    return try_parse_id(typed) or _NOTHING


def _few(named: Sequence[Any], field: str) -> Sequence[Any]:
    """Lines that are no more than an operation may name: others are not even read."""
    if not 1 <= len(named) <= MAX_LINES:
        raise UserErrors(wrong_count(len(named), field))
    return named


def _read_quantities(form: Form, lines: Sequence[Line]) -> None:
    for index, line in enumerate(lines):
        if not 1 <= line["quantity"] <= MAX_QUANTITY:
            form.note(quantity_out_of_range(line["quantity"], index))


def _read_line_ids(form: Form, lines: Sequence[Line]) -> None:
    seen: set[UUID] = set()
    for index, line in enumerate(lines):
        line_id = try_parse_id(line["line_id"])
        if line_id in seen:
            form.note(repeated_line(index))
        if line_id:
            seen.add(line_id)

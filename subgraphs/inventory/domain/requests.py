"""What staff ask for, checked: whoever gets one of these can rely on it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shared.errors import UserError, UserErrors
from shared.ids import try_parse_id
from shared.text import optional_text, text_mistake, trimmed
from subgraphs.inventory.domain.errors import invalid, out_of_range, same_warehouse, variant_not_found, warehouse_not_found
from subgraphs.inventory.domain.stock import Backorders

MOST_PIECES = 1_000_000
MOST_ON_HAND = 10_000_000  # of a variant in a warehouse: their sum over two hundred warehouses fits an Int of GraphQL
_LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Receipt:
    """Pieces that came into a warehouse."""

    variant_id: UUID
    warehouse_id: UUID
    quantity: int
    reason: str


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A correction; ``delta`` is never 0."""

    variant_id: UUID
    warehouse_id: UUID
    delta: int
    reason: str


@dataclass(frozen=True, slots=True)
class Transfer:
    """Pieces that go from one warehouse to another."""

    variant_id: UUID
    from_warehouse_id: UUID
    to_warehouse_id: UUID
    quantity: int
    reason: str


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """New rules of a variant; None leaves a rule as it is."""

    variant_id: UUID
    low_stock_threshold: int | None
    backorders: Backorders | None


def checked_receipt(variant_id: str, warehouse_id: str, quantity: int, reason: str | None = None) -> Receipt:
    """Reads the input of ``stockReceive``.

    Raises:
        UserErrors: naming each field that is wrong.
    """
    variant, warehouse, why = try_parse_id(variant_id), try_parse_id(warehouse_id), _given(reason, "goods received")
    _refuse(
        _missing_ids(variant, {"warehouseId": warehouse}),
        _quantity_mistakes(quantity),
        _reason_mistakes(why),
    )
    assert variant
    assert warehouse
    return Receipt(variant, warehouse, quantity, why)


def checked_adjustment(variant_id: str, warehouse_id: str, delta: int, reason: str) -> Adjustment:
    """Reads the input of ``stockAdjust``.

    Raises:
        UserErrors: naming each field that is wrong.
    """
    variant, warehouse, why = try_parse_id(variant_id), try_parse_id(warehouse_id), trimmed(reason)
    _refuse(
        _missing_ids(variant, {"warehouseId": warehouse}),
        _delta_mistakes(delta),
        _reason_mistakes(why),
    )
    assert variant
    assert warehouse
    return Adjustment(variant, warehouse, delta, why)


def checked_transfer(
    variant_id: str, from_warehouse_id: str, to_warehouse_id: str, quantity: int, reason: str | None = None
) -> Transfer:
    """Reads the input of ``stockTransfer``.

    Raises:
        UserErrors: naming each field that is wrong.
    """
    variant, why = try_parse_id(variant_id), _given(reason, "moved to another warehouse")
    origin, target = try_parse_id(from_warehouse_id), try_parse_id(to_warehouse_id)
    _refuse(
        _missing_ids(variant, {"fromWarehouseId": origin, "toWarehouseId": target}),
        iter([same_warehouse()] if origin and origin == target else []),
        _quantity_mistakes(quantity),
        _reason_mistakes(why),
    )
    assert variant
    assert origin
    assert target
    return Transfer(variant, origin, target, quantity, why)


def checked_policy(
    today: date, variant_id: str, low_stock_threshold: int | None = None, backorder: Backorders | None = None
) -> PolicyChange:
    """Reads the input of ``stockSetPolicy``.

    Raises:
        UserErrors: naming each field that is wrong.
    """
    variant = try_parse_id(variant_id)
    _refuse(
        _missing_ids(variant, {}),
        _threshold_mistakes(low_stock_threshold, backorder),
        _backorder_mistakes(backorder, today),
    )
    assert variant
    return PolicyChange(variant, low_stock_threshold, backorder)


def _refuse(*mistakes: Iterator[UserError]) -> None:
    found = [mistake for each in mistakes for mistake in each]
    if found:
        raise UserErrors(*found)


def _given(reason: str | None, otherwise: str) -> str:
    return optional_text(reason) or otherwise


def _missing_ids(variant: UUID | None, warehouses: dict[str, UUID | None]) -> Iterator[UserError]:
    if variant is None:
        yield variant_not_found()
    for field, warehouse in warehouses.items():
        if warehouse is None:
            yield warehouse_not_found(field)


def _quantity_mistakes(quantity: int) -> Iterator[UserError]:
    if not 1 <= quantity <= MOST_PIECES:
        yield out_of_range(f"quantity is {quantity}; it must be 1 to {MOST_PIECES}.", "quantity")


def _delta_mistakes(delta: int) -> Iterator[UserError]:
    if delta == 0 or abs(delta) > MOST_PIECES:
        yield out_of_range(f"delta is {delta}; it must be -{MOST_PIECES} to {MOST_PIECES} and not 0.", "delta")


def _reason_mistakes(reason: str) -> Iterator[UserError]:
    mistake = text_mistake("The reason", reason, _LONGEST_REASON)
    if mistake is not None:
        yield invalid(mistake, "reason")


def _threshold_mistakes(threshold: int | None, backorder: Backorders | None) -> Iterator[UserError]:
    if threshold is None and backorder is None:
        yield invalid("Nothing is to be changed; give lowStockThreshold, backorder, or both.", "lowStockThreshold")
    if threshold is not None and not 0 <= threshold <= MOST_PIECES:
        yield out_of_range(f"lowStockThreshold is {threshold}; it must be 0 to {MOST_PIECES}.", "lowStockThreshold")


def _backorder_mistakes(backorder: Backorders | None, today: date) -> Iterator[UserError]:
    if backorder is None:
        return
    if backorder.limit is not None and not 1 <= backorder.limit <= MOST_PIECES:
        yield out_of_range(f"limit is {backorder.limit}; it must be 1 to {MOST_PIECES}.", "backorder", "limit")
    if backorder.available_from is not None and backorder.available_from < today:
        message = f"{backorder.available_from} is over; give today, a later day, or none."
        yield invalid(message, "backorder", "availableFrom")
    if not backorder.is_allowed and backorder.limit is not None:
        yield invalid("A limit needs isAllowed: true; leave it out, or allow it.", "backorder", "isAllowed")

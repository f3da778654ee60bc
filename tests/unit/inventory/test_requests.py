"""What staff may ask for: each mistake names its field and the way out, all of them at once."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from shared.errors import UserErrors
from subgraphs.inventory.domain.requests import (
    Adjustment,
    Receipt,
    Transfer,
    checked_adjustment,
    checked_policy,
    checked_receipt,
    checked_transfer,
)
from subgraphs.inventory.domain.stock import Backorders

SOCKS, HAMBURG, LYON = (str(UUID(int=number)) for number in (1, 2, 3))
TODAY = date(2026, 11, 22)
RECEIPT = {"variant_id": SOCKS, "warehouse_id": HAMBURG, "quantity": 5, "reason": "note 17"}
ADJUSTMENT = {"variant_id": SOCKS, "warehouse_id": HAMBURG, "delta": -5, "reason": "lost"}
TRANSFER = {"variant_id": SOCKS, "from_warehouse_id": HAMBURG, "to_warehouse_id": LYON, "quantity": 5}
POLICY = {"today": TODAY, "variant_id": SOCKS, "low_stock_threshold": 3}

QUANTITIES = [0, -1, 1_000_001, 2**31 - 1, -(2**31)]
REASONS = ["", "   ", "x" * 501, "a\x00b", "a\nb"]
MISTAKES: list[tuple[Callable[..., object], dict[str, Any], dict[str, Any], str, tuple[str, ...]]] = [
    *((checked_receipt, RECEIPT, {"quantity": its}, "QUANTITY_OUT_OF_RANGE", ("quantity",)) for its in QUANTITIES),
    *((checked_receipt, RECEIPT, {"reason": its}, "INVALID", ("reason",)) for its in REASONS if its.strip()),
    *((checked_receipt, RECEIPT, {"variant_id": its}, "VARIANT_NOT_FOUND", ("variantId",)) for its in ("", "x")),
    *((checked_receipt, RECEIPT, {"warehouse_id": its}, "WAREHOUSE_NOT_FOUND", ("warehouseId",)) for its in ("", "x")),
    *((checked_adjustment, ADJUSTMENT, {"delta": its}, "QUANTITY_OUT_OF_RANGE", ("delta",)) for its in (0, 10**6 + 1, -(2**31))),
    *((checked_adjustment, ADJUSTMENT, {"reason": its}, "INVALID", ("reason",)) for its in REASONS),
    *((checked_transfer, TRANSFER, {"quantity": its}, "QUANTITY_OUT_OF_RANGE", ("quantity",)) for its in QUANTITIES),
    (checked_transfer, TRANSFER, {"to_warehouse_id": HAMBURG}, "SAME_WAREHOUSE", ("toWarehouseId",)),
    (checked_transfer, TRANSFER, {"from_warehouse_id": "x"}, "WAREHOUSE_NOT_FOUND", ("fromWarehouseId",)),
    (checked_policy, POLICY, {"low_stock_threshold": None}, "INVALID", ("lowStockThreshold",)),
    *(
        (checked_policy, POLICY, {"low_stock_threshold": its}, "QUANTITY_OUT_OF_RANGE", ("lowStockThreshold",))
        for its in (-1, 2**31)
    ),
    *(
        (checked_policy, POLICY, {"backorder": Backorders(True, None, its)}, "QUANTITY_OUT_OF_RANGE", ("backorder", "limit"))
        for its in QUANTITIES
    ),
    (checked_policy, POLICY, {"backorder": Backorders(True, date(2026, 11, 21))}, "INVALID", ("backorder", "availableFrom")),
    (checked_policy, POLICY, {"backorder": Backorders(False, None, 5)}, "INVALID", ("backorder", "isAllowed")),
]


@pytest.mark.parametrize(("check", "good", "change", "code", "field"), MISTAKES)
def test_a_mistake_is_named_with_its_field(
    check: Callable[..., object], good: dict[str, Any], change: dict[str, Any], code: str, field: tuple[str, ...]
) -> None:
    with pytest.raises(UserErrors) as refusal:
        check(**{**good, **change})
    assert [(error.code, error.field) for error in refusal.value.errors] == [(code, field)]


def test_all_mistakes_are_named_at_once() -> None:
    with pytest.raises(UserErrors) as refusal:
        checked_transfer("", "", "", 0, "\0")
    fields = [error.field for error in refusal.value.errors]
    assert fields == [("variantId",), ("fromWarehouseId",), ("toWarehouseId",), ("quantity",), ("reason",)]


def test_what_is_right_is_read() -> None:
    for left_out in (None, "", " \n"):
        assert checked_receipt(SOCKS, HAMBURG, 5, left_out) == Receipt(UUID(SOCKS), UUID(HAMBURG), 5, "goods received")
    assert checked_adjustment(SOCKS, HAMBURG, -1_000_000, " lost ") == Adjustment(UUID(SOCKS), UUID(HAMBURG), -1_000_000, "lost")
    transfer = checked_transfer(SOCKS, HAMBURG, LYON, 1_000_000, "x" * 500)
    assert transfer == Transfer(UUID(SOCKS), UUID(HAMBURG), UUID(LYON), 1_000_000, "x" * 500)
    assert checked_policy(TODAY, SOCKS, backorder=Backorders(True, TODAY, 1)).backorders == Backorders(True, TODAY, 1)

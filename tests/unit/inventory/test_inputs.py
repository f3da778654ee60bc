"""What staff may ask for: each mistake names its field and the way out, all of them at once."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from shared.errors import UserErrors
from subgraphs.inventory.commands.adjust_stock import AdjustStock
from subgraphs.inventory.commands.receive_stock import ReceiveStock
from subgraphs.inventory.commands.set_policy import SetPolicy
from subgraphs.inventory.commands.transfer_stock import TransferStock
from subgraphs.inventory.domain.stock import Backorders
from subgraphs.inventory.entrypoints.graphql.inputs import Input, adjustment, policy, receipt, transfer

SOCKS, HAMBURG, LYON = (str(UUID(int=number)) for number in (1, 2, 3))
TODAY = date(2026, 11, 22)
ACTOR = UUID(int=9)
RECEIPT = {"variant_id": SOCKS, "warehouse_id": HAMBURG, "quantity": 5, "reason": "note 17"}
ADJUSTMENT = {"variant_id": SOCKS, "warehouse_id": HAMBURG, "delta": -5, "reason": "lost"}
TRANSFER = {"variant_id": SOCKS, "from_warehouse_id": HAMBURG, "to_warehouse_id": LYON, "quantity": 5}
POLICY = {"variant_id": SOCKS, "low_stock_threshold": 3}


def policy_today(input: Input, actor_id: UUID) -> SetPolicy:
    return policy(input, actor_id, TODAY)


def backorder(is_allowed: bool, available_from: date | None = None, limit: int | None = None) -> dict[str, Any]:
    return {"is_allowed": is_allowed, "available_from": available_from, "limit": limit}


QUANTITIES = [0, -1, 1_000_001, 2**31 - 1, -(2**31)]
REASONS = ["", "   ", "x" * 501, "a\x00b", "a\nb"]
MISTAKES: list[tuple[Callable[[Input, UUID], object], dict[str, Any], dict[str, Any], str, tuple[str, ...]]] = [
    *((receipt, RECEIPT, {"quantity": its}, "QUANTITY_OUT_OF_RANGE", ("quantity",)) for its in QUANTITIES),
    *((receipt, RECEIPT, {"reason": its}, "INVALID", ("reason",)) for its in REASONS if its.strip()),
    *((receipt, RECEIPT, {"variant_id": its}, "VARIANT_NOT_FOUND", ("variantId",)) for its in ("", "x")),
    *((receipt, RECEIPT, {"warehouse_id": its}, "WAREHOUSE_NOT_FOUND", ("warehouseId",)) for its in ("", "x")),
    *(
        (adjustment, ADJUSTMENT, {"delta": its}, "QUANTITY_OUT_OF_RANGE", ("delta",))
        for its in (0, 10**6 + 1, -(2**31))
    ),
    *((adjustment, ADJUSTMENT, {"reason": its}, "INVALID", ("reason",)) for its in REASONS),
    *((transfer, TRANSFER, {"quantity": its}, "QUANTITY_OUT_OF_RANGE", ("quantity",)) for its in QUANTITIES),
    (transfer, TRANSFER, {"to_warehouse_id": HAMBURG}, "SAME_WAREHOUSE", ("toWarehouseId",)),
    (transfer, TRANSFER, {"from_warehouse_id": "x"}, "WAREHOUSE_NOT_FOUND", ("fromWarehouseId",)),
    (policy_today, POLICY, {"low_stock_threshold": None}, "INVALID", ("lowStockThreshold",)),
    *(
        (policy_today, POLICY, {"low_stock_threshold": its}, "QUANTITY_OUT_OF_RANGE", ("lowStockThreshold",))
        for its in (-1, 2**31)
    ),
    *(
        (
            policy_today,
            POLICY,
            {"backorder": backorder(True, None, its)},
            "QUANTITY_OUT_OF_RANGE",
            ("backorder", "limit"),
        )
        for its in QUANTITIES
    ),
    (
        policy_today,
        POLICY,
        {"backorder": backorder(True, date(2026, 11, 21))},
        "INVALID",
        ("backorder", "availableFrom"),
    ),
    (policy_today, POLICY, {"backorder": backorder(False, None, 5)}, "INVALID", ("backorder", "isAllowed")),
]


@pytest.mark.parametrize(("check", "good", "change", "code", "field"), MISTAKES)
def test_a_mistake_is_named_with_its_field(
    check: Callable[[Input, UUID], object],
    good: dict[str, Any],
    change: dict[str, Any],
    code: str,
    field: tuple[str, ...],
) -> None:
    with pytest.raises(UserErrors) as rejection:
        check({**good, **change}, ACTOR)
    assert [(error.code, error.field) for error in rejection.value.errors] == [(code, field)]


def test_all_mistakes_are_named_at_once() -> None:
    with pytest.raises(UserErrors) as rejection:
        transfer(
            {"variant_id": "", "from_warehouse_id": "", "to_warehouse_id": "", "quantity": 0, "reason": "\0"}, ACTOR
        )
    fields = [error.field for error in rejection.value.errors]
    assert fields == [("variantId",), ("fromWarehouseId",), ("toWarehouseId",), ("quantity",), ("reason",)]


@pytest.mark.parametrize("left_out", [None, "", " \n"])
def test_a_reason_that_is_left_out_is_the_usual_one(left_out: str | None) -> None:
    command = receipt({**RECEIPT, "reason": left_out}, ACTOR)
    assert command == ReceiveStock(UUID(SOCKS), UUID(HAMBURG), 5, "goods received", ACTOR)


def test_what_is_right_is_read() -> None:
    adjusted = adjustment({**ADJUSTMENT, "delta": -1_000_000, "reason": " lost "}, ACTOR)
    assert adjusted == AdjustStock(UUID(SOCKS), UUID(HAMBURG), -1_000_000, "lost", ACTOR)
    moved = transfer({**TRANSFER, "quantity": 1_000_000, "reason": "x" * 500}, ACTOR)
    assert moved == TransferStock(UUID(SOCKS), UUID(HAMBURG), UUID(LYON), 1_000_000, "x" * 500, ACTOR)
    rules = policy_today({**POLICY, "backorder": backorder(True, TODAY, 1)}, ACTOR)
    assert rules.backorders == Backorders(True, TODAY, 1)

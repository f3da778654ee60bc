"""The inputs of mutations: what is read here can be relied on."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from shared.errors import UserError
from shared.graphql.form import Form
from subgraphs.inventory.commands.adjust_stock import AdjustStock
from subgraphs.inventory.commands.receive_stock import ReceiveStock
from subgraphs.inventory.commands.set_policy import SetPolicy
from subgraphs.inventory.commands.transfer_stock import TransferStock
from subgraphs.inventory.domain.stock import MOST_UNITS, Backorders
from subgraphs.inventory.entrypoints.graphql.rejections import (
    StockErrorCode,
    invalid,
    out_of_range,
    same_warehouse,
    variant_not_found,
    warehouse_not_found,
)

_LONGEST_REASON = 500

Input = Mapping[str, Any]


def receipt(input: Input, actor_id: UUID) -> ReceiveStock:
    """The input of ``stockReceive``. Raises UserErrors, naming each field that is wrong."""
    form = Form(StockErrorCode.INVALID)
    command = ReceiveStock(
        variant_id=form.id(input["variant_id"], variant_not_found),
        warehouse_id=_warehouse(form, input["warehouse_id"], "warehouseId"),
        quantity=_quantity(form, input["quantity"]),
        reason=_optional_reason(form, input.get("reason"), "goods received"),
        actor_id=actor_id,
    )
    form.check()
    return command


def adjustment(input: Input, actor_id: UUID) -> AdjustStock:
    """The input of ``stockAdjust``. Raises UserErrors, naming each field that is wrong."""
    form = Form(StockErrorCode.INVALID)
    command = AdjustStock(
        variant_id=form.id(input["variant_id"], variant_not_found),
        warehouse_id=_warehouse(form, input["warehouse_id"], "warehouseId"),
        delta=_delta(form, input["delta"]),
        reason=form.text(input["reason"], "The reason", _LONGEST_REASON, "reason"),
        actor_id=actor_id,
    )
    form.check()
    return command


def transfer(input: Input, actor_id: UUID) -> TransferStock:
    """The input of ``stockTransfer``. Raises UserErrors, naming each field that is wrong."""
    form = Form(StockErrorCode.INVALID)
    variant_id = form.id(input["variant_id"], variant_not_found)
    origin = _warehouse(form, input["from_warehouse_id"], "fromWarehouseId")
    target = _warehouse(form, input["to_warehouse_id"], "toWarehouseId")
    form.note(same_warehouse() if origin == target and origin.int else None)
    quantity = _quantity(form, input["quantity"])
    reason = _optional_reason(form, input.get("reason"), "moved to another warehouse")
    form.check()
    return TransferStock(variant_id, origin, target, quantity, reason, actor_id)


def policy(input: Input, actor_id: UUID, today: date) -> SetPolicy:
    """The input of ``stockSetPolicy``. Raises UserErrors, naming each field that is wrong."""
    form = Form(StockErrorCode.INVALID)
    variant_id = form.id(input["variant_id"], variant_not_found)
    threshold = input.get("low_stock_threshold")
    backorders = Backorders(**input["backorder"]) if input.get("backorder") else None
    for mistake in (*_threshold_mistakes(threshold, backorders), *_backorder_mistakes(backorders, today)):
        form.note(mistake)
    form.check()
    return SetPolicy(variant_id, threshold, backorders, actor_id)


def _warehouse(form: Form, typed: str, field: str) -> UUID:
    return form.id(typed, partial(warehouse_not_found, field))


def _quantity(form: Form, quantity: int) -> int:
    if not 1 <= quantity <= MOST_UNITS:
        form.note(out_of_range(f"quantity is {quantity}; it must be 1 to {MOST_UNITS}.", "quantity"))
    return quantity


def _delta(form: Form, delta: int) -> int:
    if delta == 0 or abs(delta) > MOST_UNITS:
        form.note(out_of_range(f"delta is {delta}; it must be -{MOST_UNITS} to {MOST_UNITS} and not 0.", "delta"))
    return delta


def _optional_reason(form: Form, typed: str | None, otherwise: str) -> str:
    return form.optional_text(typed, "The reason", _LONGEST_REASON, "reason") or otherwise


def _threshold_mistakes(threshold: int | None, backorders: Backorders | None) -> Iterator[UserError]:
    if threshold is None and backorders is None:
        yield invalid("Nothing is to be changed; give lowStockThreshold, backorder, or both.", "lowStockThreshold")
    if threshold is not None and not 0 <= threshold <= MOST_UNITS:
        yield out_of_range(f"lowStockThreshold is {threshold}; it must be 0 to {MOST_UNITS}.", "lowStockThreshold")


def _backorder_mistakes(backorders: Backorders | None, today: date) -> Iterator[UserError]:
    if backorders is None:
        return
    if backorders.limit is not None and not 1 <= backorders.limit <= MOST_UNITS:
        yield out_of_range(f"limit is {backorders.limit}; it must be 1 to {MOST_UNITS}.", "backorder", "limit")
    if backorders.available_from is not None and backorders.available_from < today:
        message = f"{backorders.available_from} is over; give today, a later day, or none."
        yield invalid(message, "backorder", "availableFrom")
    if not backorders.is_allowed and backorders.limit is not None:
        yield invalid("A limit needs isAllowed: true; leave it out, or allow it.", "backorder", "isAllowed")

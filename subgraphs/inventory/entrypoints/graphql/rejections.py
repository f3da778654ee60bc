"""How mistakes and rejections look to clients.

``StockErrorCode`` of the SDL, what to do about it, and the field of the input.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any
from uuid import UUID

from shared.errors import Rejection, UserError
from shared.graphql.names import camel_case
from shared.ids import try_parse_id
from subgraphs.inventory.domain.rejections import NotEnoughStock, VariantNotFound, WarehouseFull, WarehouseNotFound
from subgraphs.inventory.domain.stock import MOST_ON_HAND


class StockErrorCode(StrEnum):
    """The kinds of mistake."""

    INVALID = "INVALID"
    VARIANT_NOT_FOUND = "VARIANT_NOT_FOUND"
    WAREHOUSE_NOT_FOUND = "WAREHOUSE_NOT_FOUND"
    SAME_WAREHOUSE = "SAME_WAREHOUSE"
    QUANTITY_OUT_OF_RANGE = "QUANTITY_OUT_OF_RANGE"
    NOT_ENOUGH_STOCK = "NOT_ENOUGH_STOCK"


def user_error(rejection: Rejection, input: Mapping[str, Any]) -> UserError:
    """What a client reads of a rejection; raises one that is no mistake of the caller's."""
    match rejection:
        case VariantNotFound():
            return variant_not_found()
        case WarehouseNotFound(warehouse_id):
            return warehouse_not_found(_field_of(warehouse_id, input))
        case NotEnoughStock(available):
            return _not_enough_stock(available, _field_of_units(input))
        case WarehouseFull(room):
            message = f"A warehouse takes {MOST_ON_HAND} pieces of a variant; {room} more fit in."
            return out_of_range(message, _field_of_units(input))
        case _:
            raise rejection


def invalid(message: str, *field: str) -> UserError:
    """A field that is empty, too long or contradicts another."""
    return UserError(StockErrorCode.INVALID, message, field)


def out_of_range(message: str, *field: str) -> UserError:
    """A number of units that is too small or too large."""
    return UserError(StockErrorCode.QUANTITY_OUT_OF_RANGE, message, field)


def variant_not_found() -> UserError:
    """Inventory has no item for it."""
    message = "Inventory knows no such variant; take the id of one that the catalogue lists."
    return UserError(StockErrorCode.VARIANT_NOT_FOUND, message, ("variantId",))


def warehouse_not_found(field: str) -> UserError:
    """No warehouse has this id."""
    message = "There is no such warehouse; `warehouses` lists them."
    return UserError(StockErrorCode.WAREHOUSE_NOT_FOUND, message, (field,))


def same_warehouse() -> UserError:
    """Nothing can be moved to where it is."""
    message = "The pieces lie in this warehouse already; choose another one to move them to."
    return UserError(StockErrorCode.SAME_WAREHOUSE, message, ("toWarehouseId",))


def _not_enough_stock(available: int, field: str) -> UserError:
    message = f"Only {available} pieces are available there, the others are held for orders; take {available} at most."
    return UserError(StockErrorCode.NOT_ENOUGH_STOCK, message, (field,))


def _field_of(sought: UUID, input: Mapping[str, Any]) -> str:
    """The field of the input that names something."""
    return next(camel_case(name) for name, value in input.items() if try_parse_id(value) == sought)


def _field_of_units(input: Mapping[str, Any]) -> str:
    return "delta" if "delta" in input else "quantity"

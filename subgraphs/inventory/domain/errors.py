"""The mistakes in operations on stock that callers can mend; ``StockErrorCode`` of the SDL."""

from enum import StrEnum

from shared.errors import UserError


class StockErrorCode(StrEnum):
    """The kinds of mistake."""

    INVALID = "INVALID"
    VARIANT_NOT_FOUND = "VARIANT_NOT_FOUND"
    WAREHOUSE_NOT_FOUND = "WAREHOUSE_NOT_FOUND"
    SAME_WAREHOUSE = "SAME_WAREHOUSE"
    QUANTITY_OUT_OF_RANGE = "QUANTITY_OUT_OF_RANGE"
    NOT_ENOUGH_STOCK = "NOT_ENOUGH_STOCK"


def invalid(message: str, *field: str) -> UserError:
    """A field that is empty, too long or contradicts another."""
    return UserError(StockErrorCode.INVALID, message, field)


def out_of_range(message: str, *field: str) -> UserError:
    """A number of pieces that is too small or too large."""
    return UserError(StockErrorCode.QUANTITY_OUT_OF_RANGE, message, field)


def variant_not_found() -> UserError:
    """Inventory has no item for it."""
    message = "Inventory knows no such variant; take the id of one that the catalogue lists."
    return UserError(StockErrorCode.VARIANT_NOT_FOUND, message, ("variantId",))


def warehouse_not_found(field: str) -> UserError:
    """No warehouse has this id."""
    return UserError(StockErrorCode.WAREHOUSE_NOT_FOUND, "There is no such warehouse; `warehouses` lists them.", (field,))


def same_warehouse() -> UserError:
    """Nothing can be moved to where it is."""
    message = "The pieces lie in this warehouse already; choose another one to move them to."
    return UserError(StockErrorCode.SAME_WAREHOUSE, message, ("toWarehouseId",))


def not_enough_stock(available: int, field: str) -> UserError:
    """More would leave than is free."""
    message = f"Only {available} pieces are available there, the others are held for orders; take {available} at most."
    return UserError(StockErrorCode.NOT_ENOUGH_STOCK, message, (field,))

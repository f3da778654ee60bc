"""Inventory's tables.

CHECKs, triggers and partial indexes stand in the migrations: Tortoise leaves those of a model out of CREATE TABLE.
"""

from tortoise import fields
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise.models import Model

from subgraphs.inventory.domain.stock import LOW_STOCK


class Warehouse(Model):
    """A place where stock lies."""

    id = fields.UUIDField(primary_key=True)
    code = fields.CharField(max_length=20, unique=True)
    name = fields.TextField()
    country = fields.CharField(max_length=2)
    priority = fields.IntField(db_default=100)

    class Meta:
        table = "warehouses"
        app = "inventory"


class StockItem(Model):
    """A variant that inventory knows. Whoever changes a variant's stock locks its row first, in the order of ids."""

    variant_id = fields.UUIDField(primary_key=True)
    version = fields.BigIntField(db_default=0)
    low_stock_threshold = fields.IntField(db_default=LOW_STOCK)
    is_backorder_allowed = fields.BooleanField(db_default=False)
    backorder_from = fields.DateField(null=True)
    backorder_limit = fields.IntField(null=True)
    waiting = fields.IntField(db_default=0)

    class Meta:
        table = "stock_items"
        app = "inventory"


class StockLevel(Model):
    """The stock of one variant in one warehouse: what lies there, and how much of it is promised."""

    id = fields.BigIntField(primary_key=True)
    variant: fields.ForeignKeyRelation[StockItem] = fields.ForeignKeyField(
        "inventory.StockItem", on_delete=fields.RESTRICT
    )
    warehouse: fields.ForeignKeyRelation[Warehouse] = fields.ForeignKeyField(
        "inventory.Warehouse", on_delete=fields.RESTRICT
    )
    on_hand = fields.IntField(db_default=0)
    held = fields.IntField(db_default=0)

    class Meta:
        table = "stock_levels"
        app = "inventory"
        unique_together = (("variant", "warehouse"),)


class Reservation(Model):
    """What one order is promised, by its latest attempt: the earlier ones released or returned what they had."""

    order_id = fields.UUIDField(primary_key=True)
    attempt = fields.IntField(db_default=1)
    state = fields.CharField(max_length=10)
    expires_at = fields.DatetimeField()
    created_at = fields.DatetimeField(db_default=Now())
    changed_at = fields.DatetimeField(db_default=SqlDefault("clock_timestamp()"))

    class Meta:
        table = "reservations"
        app = "inventory"


class ReservationLine(Model):
    """What one order line asked for, how much of it waits for units to come, and how much was returned.

    Ids grow with time. ``dropped``: units that never came and are waited for no longer, though they were not returned:
    they were refunded.
    """

    id = fields.BigIntField(primary_key=True)
    order: fields.ForeignKeyRelation[Reservation] = fields.ForeignKeyField(
        "inventory.Reservation", on_delete=fields.RESTRICT
    )
    line_id = fields.UUIDField()
    variant_id = fields.UUIDField()
    quantity = fields.IntField()
    waiting = fields.IntField(db_default=0)
    returned = fields.IntField(db_default=0)
    dropped = fields.IntField(db_default=0)

    class Meta:
        table = "reservation_lines"
        app = "inventory"


class Hold(Model):
    """The units of one order line that are held in one warehouse, or were sold from it; gone when released unsold."""

    id = fields.BigIntField(primary_key=True)
    order: fields.ForeignKeyRelation[Reservation] = fields.ForeignKeyField(
        "inventory.Reservation", on_delete=fields.RESTRICT
    )
    line_id = fields.UUIDField()
    variant_id = fields.UUIDField()
    warehouse_id = fields.UUIDField()
    quantity = fields.IntField()
    returned = fields.IntField(db_default=0)

    class Meta:
        table = "holds"
        app = "inventory"


class PastSale(Model):
    """Units that an earlier attempt at an order was sold from a warehouse, and that all came back.

    They explain the ledger.
    """

    id = fields.BigIntField(primary_key=True)
    order_id = fields.UUIDField()
    attempt = fields.IntField()
    variant_id = fields.UUIDField()
    warehouse_id = fields.UUIDField()
    quantity = fields.IntField()

    class Meta:
        table = "past_sales"
        app = "inventory"


class Movement(Model):
    """A line of the ledger: append-only, and the sum of its deltas is the stock."""

    id = fields.BigIntField(primary_key=True)
    kind = fields.CharField(max_length=10)
    variant_id = fields.UUIDField()
    warehouse_id = fields.UUIDField()
    on_hand_delta = fields.IntField()
    held_delta = fields.IntField()
    order_id = fields.UUIDField(null=True)
    reason = fields.TextField()
    actor_id = fields.UUIDField(null=True)
    occurred_at = fields.DatetimeField(db_default=SqlDefault("clock_timestamp()"))

    class Meta:
        table = "movements"
        app = "inventory"

"""Shipments."""

from tortoise import fields
from tortoise.fields.db_defaults import SqlDefault
from tortoise.models import Model

from subgraphs.orders.infrastructure.tables.orders import Order, OrderLine


class Shipment(Model):
    """A shipment of an order. ``user_id`` is who recorded it."""

    id = fields.UUIDField(primary_key=True)
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField("orders.Order", on_delete=fields.RESTRICT)
    status = fields.CharField(max_length=20)
    carrier = fields.TextField()
    tracking_code = fields.TextField(null=True)
    user_id = fields.UUIDField()
    created_at = fields.DatetimeField(db_default=SqlDefault("clock_timestamp()"))
    delivered_at = fields.DatetimeField(null=True)

    class Meta:
        table = "shipments"
        app = "orders"


class ShipmentLine(Model):
    """Units of an order's line in a shipment."""

    id = fields.BigIntField(primary_key=True)
    shipment: fields.ForeignKeyRelation[Shipment] = fields.ForeignKeyField("orders.Shipment", on_delete=fields.RESTRICT)
    line: fields.ForeignKeyRelation[OrderLine] = fields.ForeignKeyField("orders.OrderLine", on_delete=fields.RESTRICT)
    quantity = fields.IntField()

    class Meta:
        table = "shipment_lines"
        app = "orders"
        unique_together = (("shipment", "line"),)

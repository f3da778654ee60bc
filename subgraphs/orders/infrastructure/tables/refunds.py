"""Money given back."""

from tortoise import fields
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise.models import Model

from subgraphs.orders.infrastructure.tables.orders import Order, OrderLine


class Refund(Model):
    """Money that is given back for an order. ``source`` is who gave it: ``OrderRefundSource`` of the SDL."""

    id = fields.UUIDField(primary_key=True)
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField("orders.Order", on_delete=fields.RESTRICT)
    status = fields.CharField(max_length=20)
    amount_minor = fields.BigIntField()
    source = fields.CharField(max_length=20, db_default="REQUESTED")
    reason = fields.TextField()
    is_restocking = fields.BooleanField()
    keeps_out = fields.BooleanField(db_default=False)
    restocked_at = fields.DatetimeField(null=True)
    user_id = fields.UUIDField(null=True)
    created_at = fields.DatetimeField(db_default=SqlDefault("clock_timestamp()"))
    updated_at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "refunds"
        app = "orders"


class RefundLine(Model):
    """Pieces of a line that a refund is for."""

    id = fields.BigIntField(primary_key=True)
    refund: fields.ForeignKeyRelation[Refund] = fields.ForeignKeyField("orders.Refund", on_delete=fields.RESTRICT)
    line: fields.ForeignKeyRelation[OrderLine] = fields.ForeignKeyField("orders.OrderLine", on_delete=fields.RESTRICT)
    quantity = fields.IntField()

    class Meta:
        table = "refund_lines"
        app = "orders"
        unique_together = (("refund", "line"),)

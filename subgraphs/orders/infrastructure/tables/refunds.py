"""Refunds."""

from tortoise import fields
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise.models import Model

from subgraphs.orders.infrastructure.tables.orders import Order, OrderLine


class Refund(Model):
    """Money of an order that is refunded. ``source`` is who refunded it: ``OrderRefundSource`` of the SDL.

    ``failure`` is why it FAILED. ``times_back`` is how often its money came back from the buyer's bank
    after it was DONE; what became of its units stays so, and is done once ``pieces_settled_at`` is.
    ``is_owed``: it came back, and nobody asked again.
    ``paid_outside`` is how the shop has paid it outside of the payment provider.
    """

    id = fields.UUIDField(primary_key=True)
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField("orders.Order", on_delete=fields.RESTRICT)
    status = fields.CharField(max_length=20)
    amount_minor = fields.BigIntField()
    source = fields.CharField(max_length=20, db_default="REQUESTED")
    reason = fields.TextField()
    is_restocking = fields.BooleanField()
    keeps_out = fields.BooleanField(db_default=False)
    restocked_at = fields.DatetimeField(null=True)
    pieces_settled_at = fields.DatetimeField(null=True)
    failure = fields.TextField(null=True)
    times_back = fields.SmallIntField(db_default=0)
    is_owed = fields.BooleanField(db_default=False)
    paid_outside = fields.TextField(null=True)
    user_id = fields.UUIDField(null=True)
    created_at = fields.DatetimeField(db_default=SqlDefault("clock_timestamp()"))
    updated_at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "refunds"
        app = "orders"


class RefundLine(Model):
    """Units of a line that a refund is for."""

    id = fields.BigIntField(primary_key=True)
    refund: fields.ForeignKeyRelation[Refund] = fields.ForeignKeyField("orders.Refund", on_delete=fields.RESTRICT)
    line: fields.ForeignKeyRelation[OrderLine] = fields.ForeignKeyField("orders.OrderLine", on_delete=fields.RESTRICT)
    quantity = fields.IntField()

    class Meta:
        table = "refund_lines"
        app = "orders"
        unique_together = (("refund", "line"),)

"""What buyers' banks took back."""

from tortoise import fields
from tortoise.models import Model

from subgraphs.orders.infrastructure.tables.orders import Order


class Dispute(Model):
    """A dispute of an order's payment, as payments tells of it: one row however often it does.

    ``reference`` is the provider's id of it.
    ``told_at`` is when the latest that is known happened: what is older changes nothing.
    """

    id = fields.UUIDField(primary_key=True)
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField("orders.Order", on_delete=fields.RESTRICT)
    reference = fields.TextField()
    amount_minor = fields.BigIntField()
    reason = fields.TextField()
    status = fields.CharField(max_length=20)
    evidence_due_at = fields.DatetimeField(null=True)
    opened_at = fields.DatetimeField()
    told_at = fields.DatetimeField()

    class Meta:
        table = "disputes"
        app = "orders"
        unique_together = (("order", "reference"),)

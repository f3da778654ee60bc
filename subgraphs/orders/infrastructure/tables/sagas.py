"""What is under way."""

from typing import Any

from tortoise import fields
from tortoise.fields.db_defaults import Now
from tortoise.models import Model

from subgraphs.orders.infrastructure.tables.orders import Order


class Saga(Model):
    """Something under way with an order: the order itself (its id is the order's), a refund or a shipment (its id is theirs).

    ``step`` is what is being tried. ``due_at`` is when a worker may take it up: at the end of a pause,
    or of another worker's lease while ``leased_by`` names one; null when nothing is left to do.
    ``fence`` grows whenever a worker takes it up, and a worker's writes count only while it is the one
    that the worker knows. ``cancellation`` is why it is being undone; with ``is_cancel_requested``
    a person asked for that, and it turns round at its next step. ``stuck_step``: where a STUCK one stopped.
    ``paid_outside``: how the shop has paid ``paid_minor`` of what step REFUND is to refund; both end with that step.
    """

    id = fields.UUIDField(primary_key=True)
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField("orders.Order", on_delete=fields.RESTRICT)
    kind = fields.CharField(max_length=20)
    step = fields.CharField(max_length=20)
    stuck_step = fields.CharField(max_length=20, null=True)
    paid_minor = fields.BigIntField(null=True)
    paid_outside = fields.TextField(null=True)
    attempts = fields.IntField(db_default=0)
    fence = fields.BigIntField(db_default=0)
    due_at = fields.DatetimeField(null=True, db_default=Now())
    leased_by = fields.TextField(null=True)
    deadline_at = fields.DatetimeField(null=True)
    payment_method_id = fields.TextField(null=True)
    cancellation: Any = fields.JSONField(null=True)
    is_cancel_requested = fields.BooleanField(db_default=False)
    last_error = fields.TextField(null=True)
    trace = fields.TextField()
    updated_at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "sagas"
        app = "orders"

"""What is under way."""

from typing import Any

from tortoise import fields
from tortoise.fields.db_defaults import Now
from tortoise.models import Model


class Fulfilment(Model):
    """The saga of one order.

    ``step`` is what is being tried. ``due_at`` is when a worker may take it up: at the end of a pause, or of another worker's lease
    while ``leased_by`` names one; null when nothing is left to do. ``fence`` grows whenever a worker takes it up, and a worker's
    writes count only while it is the one that the worker knows. ``cancellation`` is why it is being undone.
    """

    order_id = fields.UUIDField(primary_key=True)
    step = fields.CharField(max_length=20)
    attempts = fields.IntField(db_default=0)
    fence = fields.BigIntField(db_default=0)
    due_at = fields.DatetimeField(null=True, db_default=Now())
    leased_by = fields.TextField(null=True)
    deadline_at = fields.DatetimeField()
    payment_method_id = fields.TextField()
    cancellation: Any = fields.JSONField(null=True)
    last_error = fields.TextField(null=True)
    trace = fields.TextField()
    updated_at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "fulfilments"
        app = "orders"

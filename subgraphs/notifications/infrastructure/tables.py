"""The table of notifications.

CHECKs, partial indexes and the trigger stand in the migrations: Tortoise leaves those of a model out of CREATE TABLE.
"""

from tortoise import fields
from tortoise.fields.db_defaults import SqlDefault
from tortoise.models import Model

_NOW = SqlDefault("clock_timestamp()")


class Notification(Model):
    """A message to somebody, written in the transaction that records its event, and what became of it.

    ``source_id`` is what the message is about, a user, an order, a shipment or a refund: there is one message of a kind
    about it. One to a guest has no ``user_id``, and where it leads to their order no link yet, which is a secret.
    ``link_id`` is a link that changes an account, and what it holds is one, too.
    ``due_at`` is when the next attempt to send may begin; whoever begins one moves it on, so that nobody
    else begins another meanwhile.
    """

    id = fields.UUIDField(primary_key=True)
    kind = fields.CharField(max_length=40)
    source_id = fields.UUIDField()
    user_id = fields.UUIDField(null=True)
    order_id = fields.UUIDField(null=True)
    link_id = fields.UUIDField(null=True)
    channel = fields.CharField(max_length=10, db_default="EMAIL")
    recipient = fields.TextField()
    subject = fields.TextField()
    text = fields.TextField()
    html = fields.TextField()
    status = fields.CharField(max_length=10, db_default="PENDING")
    attempts = fields.IntField(db_default=0)
    due_at = fields.DatetimeField(db_default=_NOW)
    last_error = fields.TextField(null=True)
    sent_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(db_default=_NOW)

    class Meta:
        table = "notifications"
        app = "notifications"
        unique_together = (("kind", "source_id"),)

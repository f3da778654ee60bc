"""The chassis' own tables, which every subgraph's database has."""

from tortoise import fields
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise.models import Model


class OutboxMessage(Model):
    """An event that was committed with the change it tells of, sent or still to be sent to Kafka."""

    id = fields.BigIntField(primary_key=True)
    event_id = fields.UUIDField(unique=True)
    topic = fields.TextField()
    key = fields.TextField()
    type = fields.TextField()
    payload = fields.TextField()
    trace = fields.TextField()
    occurred_at = fields.DatetimeField(db_default=SqlDefault("clock_timestamp()"))
    sent_at = fields.DatetimeField(null=True)
    # Of a dead letter: since when it is one, and what Kafka said of it, or nothing when another of its key blocks it.
    set_aside_at = fields.DatetimeField(null=True)
    refusal = fields.TextField(null=True)

    class Meta:
        table = "outbox"
        app = "chassis"


class InboxMessage(Model):
    """An event whose effect was committed with this row; a second delivery finds it and does nothing."""

    event_id = fields.UUIDField(primary_key=True)
    processed_at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "inbox"
        app = "chassis"


class ReplayedDeadLetter(Model):
    """A dead letter whose effect was committed with this row, when it was replayed."""

    digest = fields.CharField(max_length=64, primary_key=True)
    replayed_at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "replayed_dead_letters"
        app = "chassis"


class DiscardedEvent(Model):
    """An event that somebody decided to do without: a dead letter, or one of the outbox."""

    digest = fields.CharField(max_length=64, primary_key=True)
    source = fields.TextField()
    event_id = fields.TextField()
    topic = fields.TextField()
    key = fields.TextField()
    type = fields.TextField()
    error = fields.TextField()
    reason = fields.TextField()
    discarded_by = fields.TextField()
    discarded_at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "discarded_events"
        app = "chassis"


class IdempotencyRecord(Model):
    """The first answer to a request that carried an idempotency key."""

    id = fields.BigIntField(primary_key=True)
    scope = fields.TextField()
    key = fields.TextField()
    request_hash = fields.TextField()
    response = fields.TextField(null=True)
    leased_until = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "idempotency"
        app = "chassis"
        unique_together = (("scope", "key"),)

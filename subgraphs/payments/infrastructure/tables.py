"""The tables of payments.

CHECKs, triggers and partial indexes stand in the migrations: Tortoise leaves those of a model out of CREATE TABLE.
"""

from tortoise import fields
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise.models import Model


class Payment(Model):
    """The payment of one attempt at an order. A voided one of nothing (currency XXX) bars one voided before it was authorized.

    ``method``, ``customer_reference`` and ``attempt`` are what the provider is sent,
    again whenever the same attempt is repeated. ``version`` counts changes,
    so that one that was decided on an older state is refused.
    ``follow_at`` is when the provider is to be asked how its payment stands, whether anybody comes or not.
    """

    id = fields.UUIDField(primary_key=True)
    order_id = fields.UUIDField()
    order_attempt = fields.IntField(db_default=1)
    customer_id = fields.UUIDField()
    provider = fields.CharField(max_length=20)
    provider_reference = fields.CharField(max_length=255, null=True, unique=True)
    method = fields.CharField(max_length=255, db_default="")
    customer_reference = fields.CharField(max_length=255, null=True)
    attempt = fields.SmallIntField(db_default=1)
    authorization_key = fields.CharField(max_length=200)
    status = fields.CharField(max_length=20)
    amount_minor = fields.BigIntField()
    held_minor = fields.BigIntField(db_default=0)
    captured_minor = fields.BigIntField(db_default=0)
    refunded_minor = fields.BigIntField(db_default=0)
    disputed_minor = fields.BigIntField(db_default=0)
    paid_outside_minor = fields.BigIntField(db_default=0)
    currency = fields.CharField(max_length=3)
    decline_code = fields.TextField(null=True)
    decline_message = fields.TextField(null=True)
    action_client_secret = fields.TextField(null=True)
    action_redirect_url = fields.TextField(null=True)
    version = fields.IntField(db_default=1)
    follow_at = fields.DatetimeField(null=True)
    lease = fields.UUIDField(null=True)
    leased_until = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "payments"
        app = "payments"


class Refund(Model):
    """A refund that was asked for; the provider's reference is there once it was given.

    ``is_remaining`` tells that all that was left was asked for, which may have been nothing.
    ``refunded_minor`` is what was given back of the payment in all once this one was: what its key is answered.
    ``paid_outside`` is how the shop paid it outside of the provider, which was then asked for nothing.
    """

    id = fields.UUIDField(primary_key=True)
    payment: fields.ForeignKeyRelation[Payment] = fields.ForeignKeyField("payments.Payment", on_delete=fields.RESTRICT)
    idempotency_key = fields.CharField(max_length=200)
    amount_minor = fields.BigIntField()
    is_remaining = fields.BooleanField(db_default=False)
    provider_reference = fields.CharField(max_length=255, null=True)
    refunded_minor = fields.BigIntField(null=True)
    paid_outside = fields.TextField(null=True)
    created_at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "refunds"
        app = "payments"
        unique_together = (("payment", "idempotency_key"),)


class RefundFailure(Model):
    """A refund, by whomever, that failed at the provider, each once; whether it was booked before or not."""

    id = fields.UUIDField(primary_key=True)
    payment: fields.ForeignKeyRelation[Payment] = fields.ForeignKeyField("payments.Payment", on_delete=fields.RESTRICT)
    provider_reference = fields.CharField(max_length=255)
    amount_minor = fields.BigIntField()
    reason = fields.TextField()
    created_at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "refund_failures"
        app = "payments"
        unique_together = (("payment", "provider_reference"),)


class Dispute(Model):
    """Captured money that a buyer's bank took back, at least until it decides."""

    id = fields.UUIDField(primary_key=True)
    payment: fields.ForeignKeyRelation[Payment] = fields.ForeignKeyField("payments.Payment", on_delete=fields.RESTRICT)
    provider_reference = fields.CharField(max_length=255)
    outcome = fields.CharField(max_length=20)
    amount_minor = fields.BigIntField()
    fee_minor = fields.BigIntField()
    reason = fields.TextField()
    evidence_due_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "disputes"
        app = "payments"
        unique_together = (("payment", "provider_reference"),)


class OrderAccount(Model):
    """Whose account an order is in by now that a guest placed."""

    order_id = fields.UUIDField(primary_key=True)
    user_id = fields.UUIDField()

    class Meta:
        table = "order_accounts"
        app = "payments"


class ProviderLook(Model):
    """Until when a provider's lists of refunds and disputes were read."""

    provider = fields.CharField(max_length=20, primary_key=True)
    looked_until = fields.DatetimeField()

    class Meta:
        table = "provider_looks"
        app = "payments"


class ProviderCustomer(Model):
    """A user as a provider knows them, from the first card that they keep there."""

    id = fields.BigIntField(primary_key=True)
    user_id = fields.UUIDField()
    provider = fields.CharField(max_length=20)
    reference = fields.CharField(max_length=255)

    class Meta:
        table = "provider_customers"
        app = "payments"
        unique_together = (("user_id", "provider"),)


class SavedMethod(Model):
    """A card that a user keeps at a provider. Those kept before fingerprints were have none, and may be there twice."""

    id = fields.UUIDField(primary_key=True)
    user_id = fields.UUIDField(db_index=True)
    provider = fields.CharField(max_length=20)
    reference = fields.CharField(max_length=255)
    customer_reference = fields.CharField(max_length=255)
    brand = fields.TextField()
    last_digits = fields.CharField(max_length=4)
    expires_month = fields.SmallIntField()
    expires_year = fields.SmallIntField()
    fingerprint = fields.CharField(max_length=255, null=True)
    is_default = fields.BooleanField()
    created_at = fields.DatetimeField(db_default=SqlDefault("clock_timestamp()"))

    class Meta:
        table = "saved_methods"
        app = "payments"
        unique_together = (("provider", "reference"),)


class Movement(Model):
    """A movement of money at the provider: append-only, explained by its postings."""

    id = fields.UUIDField(primary_key=True)
    payment: fields.ForeignKeyRelation[Payment] = fields.ForeignKeyField("payments.Payment", on_delete=fields.RESTRICT)
    kind = fields.CharField(max_length=20)
    amount_minor = fields.BigIntField()
    currency = fields.CharField(max_length=3)
    created_at = fields.DatetimeField(db_default=SqlDefault("clock_timestamp()"))

    class Meta:
        table = "movements"
        app = "payments"


class Posting(Model):
    """A line of the double-entry ledger: append-only; those of a movement add up to zero."""

    id = fields.BigIntField(primary_key=True)
    movement: fields.ForeignKeyRelation[Movement] = fields.ForeignKeyField(
        "payments.Movement", on_delete=fields.RESTRICT
    )
    account = fields.CharField(max_length=20)
    amount_minor = fields.BigIntField()

    class Meta:
        table = "postings"
        app = "payments"


class WebhookEvent(Model):
    """A provider's webhook as it came, each event once."""

    id = fields.BigIntField(primary_key=True)
    provider = fields.CharField(max_length=20)
    event_id = fields.CharField(max_length=255)
    type = fields.TextField()
    body = fields.TextField()
    outcome = fields.CharField(max_length=20)
    received_at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "webhook_events"
        app = "payments"
        unique_together = (("provider", "event_id"),)

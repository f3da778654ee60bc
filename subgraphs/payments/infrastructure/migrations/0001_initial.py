from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="Payment",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("order_id", fields.UUIDField(unique=True)),
                ("customer_id", fields.UUIDField()),
                ("provider", fields.CharField(max_length=20)),
                ("provider_reference", fields.CharField(null=True, unique=True, max_length=255)),
                ("authorization_key", fields.CharField(max_length=200)),
                ("status", fields.CharField(max_length=20)),
                ("amount_minor", fields.BigIntField()),
                ("captured_minor", fields.BigIntField(db_default=0)),
                ("refunded_minor", fields.BigIntField(db_default=0)),
                ("currency", fields.CharField(max_length=3)),
                ("decline_code", fields.TextField(null=True, unique=False)),
                ("decline_message", fields.TextField(null=True, unique=False)),
                ("lease", fields.UUIDField(null=True)),
                ("leased_until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("created_at", fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "payments",
                "app": "payments",
                "pk_attr": "id",
                "table_description": "The payment of one order. A voided one of nothing (currency XXX) bars an order that was voided before it was authorized.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Movement",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "payment",
                    fields.ForeignKeyField(
                        "payments.Payment",
                        source_field="payment_id",
                        db_constraint=True,
                        to_field="id",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("kind", fields.CharField(max_length=20)),
                ("amount_minor", fields.BigIntField()),
                ("currency", fields.CharField(max_length=3)),
                (
                    "created_at",
                    fields.DatetimeField(
                        db_default=SqlDefault("clock_timestamp()"), auto_now=False, auto_now_add=False
                    ),
                ),
            ],
            options={
                "table": "movements",
                "app": "payments",
                "pk_attr": "id",
                "table_description": "A movement of money at the provider: append-only, explained by its postings.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Posting",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "movement",
                    fields.ForeignKeyField(
                        "payments.Movement",
                        source_field="movement_id",
                        db_constraint=True,
                        to_field="id",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("account", fields.CharField(max_length=20)),
                ("amount_minor", fields.BigIntField()),
            ],
            options={
                "table": "postings",
                "app": "payments",
                "pk_attr": "id",
                "table_description": "A line of the double-entry ledger: append-only; those of a movement add up to zero.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Refund",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "payment",
                    fields.ForeignKeyField(
                        "payments.Payment",
                        source_field="payment_id",
                        db_constraint=True,
                        to_field="id",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("idempotency_key", fields.CharField(max_length=200)),
                ("amount_minor", fields.BigIntField()),
                ("provider_reference", fields.CharField(null=True, max_length=255)),
                ("created_at", fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "refunds",
                "app": "payments",
                "unique_together": (("payment", "idempotency_key"),),
                "pk_attr": "id",
                "table_description": "A refund that was asked for; the provider's reference is there once it was given.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="WebhookEvent",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("provider", fields.CharField(max_length=20)),
                ("event_id", fields.CharField(max_length=255)),
                ("type", fields.TextField(unique=False)),
                ("body", fields.TextField(unique=False)),
                ("outcome", fields.CharField(max_length=20)),
                ("received_at", fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "webhook_events",
                "app": "payments",
                "unique_together": (("provider", "event_id"),),
                "pk_attr": "id",
                "table_description": "A provider's webhook as it came, each event once.",
            },
            bases=["Model"],
        ),
    ]

from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_ledger")]

    operations = [
        ops.AddField("Payment", "method", fields.CharField(db_default="", max_length=255)),
        ops.AddField("Payment", "customer_reference", fields.CharField(null=True, max_length=255)),
        ops.AddField("Payment", "attempt", fields.SmallIntField(db_default=1)),
        ops.AddField("Payment", "held_minor", fields.BigIntField(db_default=0)),
        ops.AddField("Payment", "disputed_minor", fields.BigIntField(db_default=0)),
        ops.AddField("Payment", "action_client_secret", fields.TextField(null=True, unique=False)),
        ops.AddField("Payment", "action_redirect_url", fields.TextField(null=True, unique=False)),
        ops.AddField("Payment", "version", fields.IntField(db_default=1)),
        ops.AddField("Payment", "follow_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
        ops.AlterModelOptions(
            name="Payment",
            options={
                "table": "payments",
                "app": "payments",
                "pk_attr": "id",
                "table_description": "The payment of one order. A voided one of nothing (currency XXX) bars an order that was voided before it was authorized.",
            },
        ),
        ops.CreateModel(
            name="Dispute",
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
                ("provider_reference", fields.CharField(max_length=255)),
                ("outcome", fields.CharField(max_length=20)),
                ("amount_minor", fields.BigIntField()),
                ("fee_minor", fields.BigIntField()),
                ("reason", fields.TextField(unique=False)),
                ("created_at", fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "disputes",
                "app": "payments",
                "unique_together": (("payment", "provider_reference"),),
                "pk_attr": "id",
                "table_description": "Captured money that a buyer's bank took back, at least until it decides.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ProviderCustomer",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("user_id", fields.UUIDField()),
                ("provider", fields.CharField(max_length=20)),
                ("reference", fields.CharField(max_length=255)),
            ],
            options={
                "table": "provider_customers",
                "app": "payments",
                "unique_together": (("user_id", "provider"),),
                "pk_attr": "id",
                "table_description": "A user as a provider knows them, from the first card that they keep there.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SavedMethod",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("user_id", fields.UUIDField(db_index=True)),
                ("provider", fields.CharField(max_length=20)),
                ("reference", fields.CharField(max_length=255)),
                ("customer_reference", fields.CharField(max_length=255)),
                ("brand", fields.TextField(unique=False)),
                ("last_digits", fields.CharField(max_length=4)),
                ("expires_month", fields.SmallIntField()),
                ("expires_year", fields.SmallIntField()),
                ("is_default", fields.BooleanField()),
                (
                    "created_at",
                    fields.DatetimeField(
                        db_default=SqlDefault("clock_timestamp()"), auto_now=False, auto_now_add=False
                    ),
                ),
            ],
            options={
                "table": "saved_methods",
                "app": "payments",
                "unique_together": (("provider", "reference"),),
                "pk_attr": "id",
                "table_description": "A card that a user keeps at a provider.",
            },
            bases=["Model"],
        ),
    ]

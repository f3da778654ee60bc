from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("payments", "0008_fingerprints")]

    operations = [
        ops.CreateModel(
            name="RefundFailure",
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
                ("amount_minor", fields.BigIntField()),
                ("reason", fields.TextField(unique=False)),
                ("created_at", fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "refund_failures",
                "app": "payments",
                "unique_together": (("payment", "provider_reference"),),
                "pk_attr": "id",
                "table_description": "A refund, by whomever, that failed at the provider, each once; whether it was booked before or not.",
            },
            bases=["Model"],
        ),
    ]

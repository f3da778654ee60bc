"""Accounts that orders of guests became."""

from uuid import uuid4

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("payments", "0010_paid_outside")]

    operations = [
        ops.CreateModel(
            name="OrderAccount",
            fields=[
                ("order_id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("user_id", fields.UUIDField()),
            ],
            options={
                "table": "order_accounts",
                "app": "payments",
                "pk_attr": "order_id",
                "table_description": "Whose account an order is in by now that a guest placed.",
            },
            bases=["Model"],
        ),
    ]

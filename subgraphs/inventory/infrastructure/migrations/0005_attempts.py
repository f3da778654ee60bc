"""Orders that are tried again: which attempt a reservation is for, and what earlier ones sold and took back."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("inventory", "0004_waiting_is_told")]

    operations = [
        ops.AddField("Reservation", "attempt", fields.IntField(db_default=1)),
        ops.CreateModel(
            name="PastSale",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("order_id", fields.UUIDField()),
                ("attempt", fields.IntField()),
                ("variant_id", fields.UUIDField()),
                ("warehouse_id", fields.UUIDField()),
                ("quantity", fields.IntField()),
            ],
            options={
                "table": "past_sales",
                "app": "inventory",
                "pk_attr": "id",
                "table_description": "Pieces that an earlier attempt at an order was sold from a warehouse, and that all came back; they explain the ledger.",
            },
            bases=["Model"],
        ),
        ops.RunSQL(
            "ALTER TABLE reservations ADD CONSTRAINT reservations_attempts_positive CHECK (attempt > 0);",
            "ALTER TABLE reservations DROP CONSTRAINT reservations_attempts_positive;",
        ),
    ]

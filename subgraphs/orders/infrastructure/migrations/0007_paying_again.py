"""Carts that open again when their orders come to nothing, and orders that are tried once more."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("orders", "0006_disputes")]

    operations = [
        ops.AlterField("Order", "cart_id", fields.UUIDField(null=True, unique=True)),
        ops.AddField("Order", "reopened_cart_id", fields.UUIDField(null=True)),
        ops.AddField("Order", "attempt", fields.IntField(db_default=1)),
        ops.RunSQL(
            """
            ALTER TABLE orders ADD CONSTRAINT orders_attempts_positive CHECK (attempt > 0);
            """,
            # Whoever goes back wants a cart of every order: one that has let go of its own gets one that holds nothing.
            """
            ALTER TABLE orders DROP CONSTRAINT orders_attempts_positive;
            WITH lonely AS (
              UPDATE orders SET cart_id = gen_random_uuid() WHERE cart_id IS NULL RETURNING cart_id, customer_id, placed_at
            )
            INSERT INTO carts (id, owner_id, ordered_at) SELECT cart_id, customer_id, placed_at FROM lonely;
            """,
        ),
    ]

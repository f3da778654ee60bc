"""Buyers without an account, and what staff look orders up by."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("orders", "0013_settlements")]

    operations = [
        ops.AlterField("Order", "customer_id", fields.UUIDField(null=True)),
        ops.AddField("Order", "guest_id", fields.UUIDField(null=True)),
        ops.AddField("Order", "token_expires_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
        ops.RunSQL(
            """
            ALTER TABLE orders ADD CONSTRAINT orders_have_a_buyer CHECK (customer_id IS NOT NULL OR guest_id IS NOT NULL);
            ALTER TABLE orders ADD CONSTRAINT orders_guest_has_a_token
              CHECK ((guest_id IS NULL) = (token_expires_at IS NULL));
            CREATE UNIQUE INDEX orders_guest ON orders (guest_id) WHERE guest_id IS NOT NULL;
            CREATE INDEX orders_email ON orders (lower(email), id);
            CREATE INDEX orders_placed ON orders (placed_at, id);
            CREATE INDEX orders_placed_by_customer ON orders (customer_id, placed_at, id);
            CREATE INDEX orders_status ON orders (status, placed_at, id);
            CREATE INDEX orders_updated ON orders (updated_at, id);
            CREATE INDEX orders_amount ON orders (currency, total_minor, id);
            CREATE INDEX order_lines_sku ON order_lines (upper(sku), order_id);
            """,
            """
            DROP INDEX order_lines_sku;
            DROP INDEX orders_amount;
            DROP INDEX orders_updated;
            DROP INDEX orders_status;
            DROP INDEX orders_placed_by_customer;
            DROP INDEX orders_placed;
            DROP INDEX orders_email;
            DROP INDEX orders_guest;
            ALTER TABLE orders DROP CONSTRAINT orders_guest_has_a_token;
            ALTER TABLE orders DROP CONSTRAINT orders_have_a_buyer;
            """,
        ),
    ]

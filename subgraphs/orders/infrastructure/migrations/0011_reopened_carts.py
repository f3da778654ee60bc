"""Orders are found by the cart that they let go of, when that is merged into another one."""

from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("orders", "0010_failed_refunds")]

    operations = [
        ops.RunSQL(
            "CREATE INDEX orders_reopened_cart ON orders (reopened_cart_id) WHERE reopened_cart_id IS NOT NULL;",
            "DROP INDEX orders_reopened_cart;",
        ),
    ]

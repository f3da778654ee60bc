"""Why the money of an order that is paid with its first parcel can't be taken any more."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("orders", "0011_reopened_carts")]

    operations = [
        ops.AddField("Order", "authorization_ended", fields.TextField(null=True)),
        # Parcels that no retry can help: of declined money, and those kept back by a dispute when the money was taken already.
        ops.RunSQL(
            """
            UPDATE orders SET authorization_ended = saga.last_error FROM sagas AS saga
            WHERE saga.order_id = orders.id AND saga.kind = 'SHIPMENT' AND saga.step = 'STUCK' AND orders.captured_at IS NULL
              AND saga.last_error LIKE 'CAPTURE was declined%';
            UPDATE sagas SET step = 'FAILED' FROM orders
            WHERE orders.id = sagas.order_id AND kind = 'SHIPMENT' AND step = 'STUCK'
              AND (orders.authorization_ended IS NOT NULL OR orders.captured_at IS NOT NULL);
            CREATE INDEX orders_unpayable ON orders (id) WHERE authorization_ended IS NOT NULL AND status = 'CONFIRMED';
            """,
            "DROP INDEX orders_unpayable;",
        ),
    ]

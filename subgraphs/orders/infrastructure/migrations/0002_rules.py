"""What Tortoise's models can't say: the bounds of numbers, an append-only history, the indexes of partial and of referring rows."""

from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]

    operations = [
        ops.RunSQL(
            """
            ALTER TABLE cart_lines ADD CONSTRAINT cart_lines_quantity_in_range CHECK (quantity BETWEEN 1 AND 999);
            ALTER TABLE order_lines ADD CONSTRAINT order_lines_quantity_positive CHECK (quantity > 0);
            ALTER TABLE order_lines ADD CONSTRAINT order_lines_price_not_negative CHECK (unit_price_minor >= 0);
            ALTER TABLE orders ADD CONSTRAINT orders_total_not_negative CHECK (total_minor >= 0);
            ALTER TABLE orders ADD CONSTRAINT orders_cancelled_for_a_reason CHECK (status <> 'CANCELLED' OR cancellation IS NOT NULL);
            ALTER TABLE fulfilments ADD CONSTRAINT fulfilments_order FOREIGN KEY (order_id) REFERENCES orders (id);
            CREATE INDEX cart_lines_variant ON cart_lines (variant_id);
            CREATE INDEX orders_customer ON orders (customer_id, id);
            CREATE INDEX order_status_history_order ON order_status_history (order_id);
            CREATE INDEX fulfilments_due ON fulfilments (due_at) WHERE due_at IS NOT NULL;
            CREATE INDEX fulfilments_open ON fulfilments (step, deadline_at) WHERE step NOT IN ('CONFIRMED', 'CANCELLED');
            CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
              $$ BEGIN RAISE EXCEPTION 'the history of orders is append-only'; END $$;
            CREATE TRIGGER order_status_history_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON order_status_history
              FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
            """,
            """
            DROP TRIGGER order_status_history_append_only ON order_status_history;
            DROP FUNCTION refuse_change();
            DROP INDEX fulfilments_open;
            DROP INDEX fulfilments_due;
            DROP INDEX order_status_history_order;
            DROP INDEX orders_customer;
            DROP INDEX cart_lines_variant;
            ALTER TABLE fulfilments DROP CONSTRAINT fulfilments_order;
            ALTER TABLE orders DROP CONSTRAINT orders_cancelled_for_a_reason;
            ALTER TABLE orders DROP CONSTRAINT orders_total_not_negative;
            ALTER TABLE order_lines DROP CONSTRAINT order_lines_price_not_negative;
            ALTER TABLE order_lines DROP CONSTRAINT order_lines_quantity_positive;
            ALTER TABLE cart_lines DROP CONSTRAINT cart_lines_quantity_in_range;
            """,
        ),
    ]

"""Warehouses by priority, rules of variants, lines that wait for pieces, returns, and who moved stock."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import SqlDefault
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("inventory", "0002_ledger")]

    initial = False

    operations = [
        ops.CreateModel(
            name="ReservationLine",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "order",
                    fields.ForeignKeyField(
                        "inventory.Reservation",
                        source_field="order_id",
                        db_constraint=True,
                        to_field="order_id",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("line_id", fields.UUIDField()),
                ("variant_id", fields.UUIDField()),
                ("quantity", fields.IntField()),
                ("waiting", fields.IntField(db_default=0)),
                ("returned", fields.IntField(db_default=0)),
            ],
            options={
                "table": "reservation_lines",
                "app": "inventory",
                "pk_attr": "id",
                "table_description": "What one order line asked for, how much of it waits for pieces to come, and how much was returned. Ids grow with time.",
            },
            bases=["Model"],
        ),
        ops.AlterModelOptions(
            name="Hold",
            options={
                "table": "holds",
                "app": "inventory",
                "pk_attr": "id",
                "table_description": "The pieces of one order line that are held in one warehouse, or were sold from it; gone when they are given back unsold.",
            },
        ),
        ops.AddField(
            model_name="Hold",
            name="returned",
            field=fields.IntField(db_default=0),
        ),
        ops.AlterField(
            model_name="Movement",
            name="variant_id",
            field=fields.UUIDField(),
        ),
        ops.AddField(
            model_name="Movement",
            name="actor_id",
            field=fields.UUIDField(null=True),
        ),
        ops.AlterModelOptions(
            name="Reservation",
            options={
                "table": "reservations",
                "app": "inventory",
                "pk_attr": "order_id",
                "table_description": "What one order is promised.",
            },
        ),
        ops.AddField(
            model_name="Reservation",
            name="changed_at",
            field=fields.DatetimeField(db_default=SqlDefault("clock_timestamp()"), auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="StockItem",
            name="backorder_from",
            field=fields.DateField(null=True),
        ),
        ops.AddField(
            model_name="StockItem",
            name="backorder_limit",
            field=fields.IntField(null=True),
        ),
        ops.AddField(
            model_name="StockItem",
            name="is_backorder_allowed",
            field=fields.BooleanField(db_default=False),
        ),
        ops.AddField(
            model_name="StockItem",
            name="low_stock_threshold",
            field=fields.IntField(db_default=5),
        ),
        ops.AddField(
            model_name="StockItem",
            name="waiting",
            field=fields.IntField(db_default=0),
        ),
        ops.AddField(
            model_name="Warehouse",
            name="priority",
            field=fields.IntField(db_default=100),
        ),
        ops.RunSQL(
            """
            ALTER TABLE stock_items
              ADD CONSTRAINT stock_items_threshold CHECK (low_stock_threshold >= 0),
              ADD CONSTRAINT stock_items_backorder_limit CHECK (backorder_limit > 0),
              ADD CONSTRAINT stock_items_backorder_rules CHECK (is_backorder_allowed OR (backorder_from IS NULL AND backorder_limit IS NULL)),
              ADD CONSTRAINT stock_items_waiting CHECK (waiting >= 0);
            ALTER TABLE reservations ADD CONSTRAINT reservations_state CHECK (state IN ('HELD', 'COMMITTED', 'RELEASED', 'EXPIRED'));
            ALTER TABLE reservation_lines ADD CONSTRAINT reservation_lines_pieces
              CHECK (quantity > 0 AND waiting >= 0 AND returned >= 0 AND waiting + returned <= quantity);
            ALTER TABLE holds ADD CONSTRAINT holds_returned_once CHECK (returned >= 0 AND returned <= quantity);
            CREATE UNIQUE INDEX reservation_lines_once ON reservation_lines (order_id, line_id);
            CREATE INDEX reservation_lines_waiting ON reservation_lines (variant_id, id) WHERE waiting > 0;
            CREATE INDEX movements_of_variant ON movements (variant_id, id);
            -- Not of the rows that are there: set-stock used to write corrections by nothing.
            ALTER TABLE movements ADD CONSTRAINT movements_kind CHECK (CASE kind
                WHEN 'RECEIVED' THEN on_hand_delta > 0 AND held_delta = 0
                WHEN 'RETURNED' THEN on_hand_delta > 0 AND held_delta = 0 AND order_id IS NOT NULL
                WHEN 'ADJUSTED' THEN on_hand_delta <> 0 AND held_delta = 0
                WHEN 'MOVED' THEN on_hand_delta <> 0 AND held_delta = 0
                WHEN 'HELD' THEN on_hand_delta = 0 AND held_delta > 0 AND order_id IS NOT NULL
                WHEN 'RELEASED' THEN on_hand_delta = 0 AND held_delta < 0 AND order_id IS NOT NULL
                WHEN 'EXPIRED' THEN on_hand_delta = 0 AND held_delta < 0 AND order_id IS NOT NULL
                WHEN 'SOLD' THEN on_hand_delta < 0 AND held_delta IN (0, on_hand_delta) AND order_id IS NOT NULL
                ELSE false END) NOT VALID;
            INSERT INTO reservation_lines (order_id, line_id, variant_id, quantity)
              SELECT order_id, line_id, variant_id, sum(quantity) FROM holds GROUP BY 1, 2, 3 ORDER BY min(id);
            DELETE FROM holds USING reservations WHERE reservations.order_id = holds.order_id AND state IN ('RELEASED', 'EXPIRED');
            """,
            """
            ALTER TABLE movements DROP CONSTRAINT movements_kind;
            DROP INDEX movements_of_variant;
            DROP INDEX reservation_lines_waiting;
            DROP INDEX reservation_lines_once;
            ALTER TABLE holds DROP CONSTRAINT holds_returned_once;
            ALTER TABLE reservation_lines DROP CONSTRAINT reservation_lines_pieces;
            ALTER TABLE reservations DROP CONSTRAINT reservations_state;
            ALTER TABLE stock_items
              DROP CONSTRAINT stock_items_waiting,
              DROP CONSTRAINT stock_items_backorder_rules,
              DROP CONSTRAINT stock_items_backorder_limit,
              DROP CONSTRAINT stock_items_threshold;
            """,
        ),
    ]

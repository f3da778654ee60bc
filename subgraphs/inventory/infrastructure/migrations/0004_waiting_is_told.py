"""What orders wait for is told, with versions. What waits now, and how many more may, is told once for all that were not told."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

_NOW = """to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""


class Migration(migrations.Migration):
    dependencies = [("inventory", "0003_backorders_and_returns"), ("chassis", "0002_outbox_notification")]

    operations = [
        ops.AddField("ReservationLine", "dropped", fields.IntField(db_default=0)),
        ops.RunSQL(
            f"""
            CREATE SEQUENCE waiting_version;
            ALTER TABLE reservation_lines DROP CONSTRAINT reservation_lines_pieces, ADD CONSTRAINT reservation_lines_pieces CHECK
              (quantity > 0 AND waiting >= 0 AND returned >= 0 AND dropped >= 0 AND waiting + returned + dropped <= quantity);
            -- A day stays for those who wait, though nobody else may any more.
            ALTER TABLE stock_items DROP CONSTRAINT stock_items_backorder_rules,
              ADD CONSTRAINT stock_items_backorder_rules CHECK (is_backorder_allowed OR backorder_limit IS NULL);
            INSERT INTO outbox (event_id, topic, key, type, payload, trace)
              SELECT gen_random_uuid(), 'inventory.stock.v1', order_id::text, 'mercato.inventory.BackorderChanged', json_build_object(
                'orderId', order_id, 'occurredAt', {_NOW}, 'lines', json_agg(json_build_object('lineId', line_id,
                  'variantId', variant_id, 'waiting', waiting, 'version', nextval('waiting_version')) ORDER BY id))::text, '{{}}'
              FROM reservation_lines WHERE waiting > 0 GROUP BY order_id;
            UPDATE stock_items SET version = version + 1 WHERE is_backorder_allowed OR waiting > 0;
            INSERT INTO outbox (event_id, topic, key, type, payload, trace)
              SELECT gen_random_uuid(), 'inventory.stock.v1', variant_id::text, 'mercato.inventory.StockChanged', json_build_object(
                'variantId', variant_id, 'version', version, 'available', available, 'expectedFrom', backorder_from,
                'backorder', json_build_object('isAllowed', is_open, 'availableFrom', CASE WHEN is_open THEN backorder_from END,
                  'remaining', remaining), 'occurredAt', {_NOW})::text, '{{}}'
              FROM (
                SELECT item.*, remaining, is_backorder_allowed AND coalesce(remaining > 0, true) AS is_open,
                  (SELECT coalesce(sum(on_hand - held), 0) FROM stock_levels AS level WHERE level.variant_id = item.variant_id)
                    AS available
                FROM stock_items AS item, LATERAL (
                  SELECT CASE WHEN NOT is_backorder_allowed THEN 0
                    WHEN backorder_limit IS NOT NULL THEN greatest(0, backorder_limit - waiting) END AS remaining
                ) AS room WHERE is_backorder_allowed OR waiting > 0
              ) AS told;
            """,  # noqa: S608 - constants
            """
            UPDATE stock_items SET backorder_from = NULL WHERE NOT is_backorder_allowed;
            ALTER TABLE stock_items DROP CONSTRAINT stock_items_backorder_rules, ADD CONSTRAINT stock_items_backorder_rules
              CHECK (is_backorder_allowed OR (backorder_from IS NULL AND backorder_limit IS NULL));
            ALTER TABLE reservation_lines DROP CONSTRAINT reservation_lines_pieces, ADD CONSTRAINT reservation_lines_pieces
              CHECK (quantity > 0 AND waiting >= 0 AND returned >= 0 AND waiting + returned <= quantity);
            DROP SEQUENCE waiting_version;
            """,
        ),
    ]

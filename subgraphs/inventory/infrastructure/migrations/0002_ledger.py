"""What Tortoise's models can't say: no overselling, an append-only ledger, the indexes of holds."""

from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("inventory", "0001_initial")]

    operations = [
        ops.RunSQL(
            """
            ALTER TABLE stock_levels ADD CONSTRAINT stock_levels_never_oversold CHECK (held >= 0 AND held <= on_hand);
            ALTER TABLE holds ADD CONSTRAINT holds_quantity_positive CHECK (quantity > 0);
            CREATE INDEX holds_order ON holds (order_id);
            CREATE INDEX reservations_overdue ON reservations (expires_at) WHERE state = 'HELD';
            CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
              $$ BEGIN RAISE EXCEPTION 'the ledger of movements is append-only'; END $$;
            CREATE TRIGGER movements_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON movements
              FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
            """,
            """
            DROP TRIGGER movements_append_only ON movements;
            DROP FUNCTION refuse_change();
            DROP INDEX reservations_overdue;
            DROP INDEX holds_order;
            ALTER TABLE holds DROP CONSTRAINT holds_quantity_positive;
            ALTER TABLE stock_levels DROP CONSTRAINT stock_levels_never_oversold;
            """,
        ),
    ]

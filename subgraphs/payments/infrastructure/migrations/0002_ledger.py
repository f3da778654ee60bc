"""What Tortoise's models can't say: amounts that can't be wrong, a ledger that only grows and always balances, indexes."""

from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]

    operations = [
        ops.RunSQL(
            """
            ALTER TABLE payments ADD CONSTRAINT payments_never_overdrawn
              CHECK (0 <= refunded_minor AND refunded_minor <= captured_minor AND captured_minor <= amount_minor);
            ALTER TABLE payments ADD CONSTRAINT payments_of_nothing_are_voided CHECK (amount_minor > 0 OR status = 'VOIDED');
            ALTER TABLE payments ADD CONSTRAINT payments_declined_have_a_reason
              CHECK ((status = 'DECLINED') = (decline_code IS NOT NULL AND decline_message IS NOT NULL));
            ALTER TABLE payments ADD CONSTRAINT payments_leases_end CHECK ((lease IS NULL) = (leased_until IS NULL));
            ALTER TABLE refunds ADD CONSTRAINT refunds_amount_positive CHECK (amount_minor > 0);
            ALTER TABLE movements ADD CONSTRAINT movements_amount_positive CHECK (amount_minor > 0);
            ALTER TABLE postings ADD CONSTRAINT postings_amount_not_zero CHECK (amount_minor <> 0);
            CREATE INDEX movements_payment ON movements (payment_id);
            CREATE INDEX postings_movement ON postings (movement_id);

            CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
              $$ BEGIN RAISE EXCEPTION 'the ledger is append-only: % is refused on %', TG_OP, TG_TABLE_NAME; END $$;
            CREATE TRIGGER movements_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON movements
              FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
            CREATE TRIGGER postings_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON postings
              FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

            CREATE FUNCTION refuse_unbalanced() RETURNS trigger LANGUAGE plpgsql AS $$
              DECLARE
                checked uuid := (to_jsonb(NEW) ->> TG_ARGV[0])::uuid;
                difference numeric;
              BEGIN
                SELECT sum(amount_minor) INTO difference FROM postings WHERE movement_id = checked;
                IF difference IS DISTINCT FROM 0 THEN
                  RAISE EXCEPTION 'movement % is unbalanced: its postings add up to %', checked, coalesce(difference::text, 'nothing');
                END IF;
                RETURN NULL;
              END $$;
            CREATE CONSTRAINT TRIGGER movements_balanced AFTER INSERT ON movements
              DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_unbalanced('id');
            CREATE CONSTRAINT TRIGGER postings_balanced AFTER INSERT ON postings
              DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_unbalanced('movement_id');
            """,
            """
            DROP TRIGGER postings_balanced ON postings;
            DROP TRIGGER movements_balanced ON movements;
            DROP FUNCTION refuse_unbalanced();
            DROP TRIGGER postings_append_only ON postings;
            DROP TRIGGER movements_append_only ON movements;
            DROP FUNCTION refuse_change();
            DROP INDEX postings_movement;
            DROP INDEX movements_payment;
            ALTER TABLE postings DROP CONSTRAINT postings_amount_not_zero;
            ALTER TABLE movements DROP CONSTRAINT movements_amount_positive;
            ALTER TABLE refunds DROP CONSTRAINT refunds_amount_positive;
            ALTER TABLE payments DROP CONSTRAINT payments_leases_end;
            ALTER TABLE payments DROP CONSTRAINT payments_declined_have_a_reason;
            ALTER TABLE payments DROP CONSTRAINT payments_of_nothing_are_voided;
            ALTER TABLE payments DROP CONSTRAINT payments_never_overdrawn;
            """,
        ),
    ]

"""What the shop has paid its buyer outside of the payment provider."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("orders", "0012_authorization_ended")]

    operations = [
        ops.AddField("Refund", "paid_outside", fields.TextField(null=True, unique=False)),
        ops.AddField("Saga", "paid_minor", fields.BigIntField(null=True)),
        ops.AddField("Saga", "paid_outside", fields.TextField(null=True, unique=False)),
        # How a refund was paid counts for the step that it was said of, whoever leads the saga away from that.
        ops.RunSQL(
            """
            CREATE FUNCTION forget_paid_outside() RETURNS trigger LANGUAGE plpgsql AS
              $$ BEGIN NEW.paid_outside := NULL; NEW.paid_minor := NULL; RETURN NEW; END $$;
            CREATE TRIGGER sagas_paid_outside_ends BEFORE UPDATE ON sagas FOR EACH ROW
              WHEN (NEW.paid_outside IS NOT NULL AND NEW.step NOT IN ('VOID', 'REFUND')) EXECUTE FUNCTION forget_paid_outside();
            """,
            """
            DROP TRIGGER sagas_paid_outside_ends ON sagas;
            DROP FUNCTION forget_paid_outside();
            """,
        ),
    ]

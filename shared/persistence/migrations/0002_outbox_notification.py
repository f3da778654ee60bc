"""What Tortoise's models can't say: the relay's index, and the notification that wakes it."""

from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("chassis", "0001_initial")]

    operations = [
        ops.RunSQL(
            """
            CREATE INDEX outbox_unsent ON outbox (id) WHERE sent_at IS NULL;
            CREATE INDEX outbox_sent ON outbox (sent_at) WHERE sent_at IS NOT NULL;
            CREATE INDEX inbox_processed ON inbox (processed_at);
            CREATE INDEX idempotency_created ON idempotency (created_at);
            CREATE FUNCTION notify_outbox() RETURNS trigger LANGUAGE plpgsql AS
              $$ BEGIN PERFORM pg_notify('outbox', ''); RETURN NULL; END $$;
            CREATE TRIGGER outbox_inserted AFTER INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION notify_outbox();
            """,
            """
            DROP TRIGGER outbox_inserted ON outbox;
            DROP FUNCTION notify_outbox();
            DROP INDEX idempotency_created;
            DROP INDEX inbox_processed;
            DROP INDEX outbox_sent;
            DROP INDEX outbox_unsent;
            """,
        ),
    ]

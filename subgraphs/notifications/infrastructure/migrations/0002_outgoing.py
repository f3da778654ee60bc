"""What Tortoise's models can't say: what a status means, the indexes of what is asked, and the notification that wakes the worker."""

from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial")]

    operations = [
        ops.RunSQL(
            """
            ALTER TABLE notifications ADD CONSTRAINT notifications_status CHECK (status IN ('PENDING', 'SENT', 'FAILED'));
            ALTER TABLE notifications ADD CONSTRAINT notifications_sent CHECK ((status = 'SENT') = (sent_at IS NOT NULL));
            CREATE INDEX notifications_due ON notifications (due_at) WHERE status = 'PENDING';
            CREATE INDEX notifications_user ON notifications (user_id, id);
            CREATE INDEX notifications_order ON notifications (order_id) WHERE order_id IS NOT NULL;
            CREATE FUNCTION notify_outgoing() RETURNS trigger LANGUAGE plpgsql AS
              $$ BEGIN PERFORM pg_notify('outgoing', ''); RETURN NULL; END $$;
            CREATE TRIGGER notifications_inserted AFTER INSERT ON notifications FOR EACH STATEMENT EXECUTE FUNCTION notify_outgoing();
            """,
            """
            DROP TRIGGER notifications_inserted ON notifications;
            DROP FUNCTION notify_outgoing();
            DROP INDEX notifications_order;
            DROP INDEX notifications_user;
            DROP INDEX notifications_due;
            ALTER TABLE notifications DROP CONSTRAINT notifications_sent;
            ALTER TABLE notifications DROP CONSTRAINT notifications_status;
            """,
        ),
    ]

"""What Tortoise's models can't say: amounts that can't be wrong, one default card, and the index of what is to be followed."""

from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("payments", "0003_actions_disputes_cards")]

    operations = [
        ops.RunSQL(
            """
            UPDATE payments SET held_minor = amount_minor WHERE status = 'AUTHORIZED';
            UPDATE payments SET follow_at = now() WHERE status IN ('PENDING', 'REQUIRES_ACTION');
            ALTER TABLE payments ADD CONSTRAINT payments_hold_or_have_taken
              CHECK (0 <= held_minor AND held_minor + captured_minor <= amount_minor);
            ALTER TABLE payments ADD CONSTRAINT payments_held_while_authorized CHECK (status <> 'AUTHORIZED' OR held_minor = amount_minor);
            ALTER TABLE payments ADD CONSTRAINT payments_disputed_of_what_was_captured
              CHECK (0 <= disputed_minor AND disputed_minor <= captured_minor);
            ALTER TABLE payments ADD CONSTRAINT payments_actions_end_with_the_wait
              CHECK (status = 'REQUIRES_ACTION' OR (action_client_secret IS NULL AND action_redirect_url IS NULL));
            ALTER TABLE payments ADD CONSTRAINT payments_attempts_positive CHECK (attempt > 0);
            ALTER TABLE disputes ADD CONSTRAINT disputes_amount_positive CHECK (amount_minor > 0 AND fee_minor >= 0);
            CREATE INDEX payments_to_follow ON payments (follow_at) WHERE follow_at IS NOT NULL;
            CREATE UNIQUE INDEX saved_methods_one_default ON saved_methods (user_id) WHERE is_default;
            """,
            """
            DROP INDEX saved_methods_one_default;
            DROP INDEX payments_to_follow;
            ALTER TABLE disputes DROP CONSTRAINT disputes_amount_positive;
            ALTER TABLE payments DROP CONSTRAINT payments_attempts_positive;
            ALTER TABLE payments DROP CONSTRAINT payments_actions_end_with_the_wait;
            ALTER TABLE payments DROP CONSTRAINT payments_disputed_of_what_was_captured;
            ALTER TABLE payments DROP CONSTRAINT payments_held_while_authorized;
            ALTER TABLE payments DROP CONSTRAINT payments_hold_or_have_taken;
            """,
        ),
    ]

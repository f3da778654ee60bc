"""What Tortoise's models can't say: one default address a book, and the indexes of foreign keys and of expiry."""

from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("users", "0001_initial")]

    operations = [
        ops.RunSQL(
            """
            CREATE UNIQUE INDEX addresses_one_default ON addresses (user_id) WHERE is_default;
            CREATE INDEX addresses_book ON addresses (user_id, created_at, id);
            CREATE INDEX sessions_user ON sessions (user_id);
            CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);
            CREATE INDEX refresh_tokens_expiry ON refresh_tokens (expires_at);
            """,
            """
            DROP INDEX refresh_tokens_expiry;
            DROP INDEX refresh_tokens_session;
            DROP INDEX sessions_user;
            DROP INDEX addresses_book;
            DROP INDEX addresses_one_default;
            """,
        ),
    ]

"""Events that Kafka refuses for good are set aside, with those of their key behind them; and who discarded what, when and why."""

from tortoise import fields, migrations
from tortoise.fields.db_defaults import Now
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("chassis", "0004_replayed_dead_letters")]

    operations = [
        ops.AddField(
            model_name="OutboxMessage",
            name="set_aside_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="OutboxMessage",
            name="refusal",
            field=fields.TextField(null=True, unique=False),
        ),
        ops.CreateModel(
            name="DiscardedEvent",
            fields=[
                ("digest", fields.CharField(max_length=64, primary_key=True, unique=True, db_index=True)),
                ("source", fields.TextField(unique=False)),
                ("event_id", fields.TextField(unique=False)),
                ("topic", fields.TextField(unique=False)),
                ("key", fields.TextField(unique=False)),
                ("type", fields.TextField(unique=False)),
                ("error", fields.TextField(unique=False)),
                ("reason", fields.TextField(unique=False)),
                ("discarded_by", fields.TextField(unique=False)),
                ("discarded_at", fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "discarded_events",
                "app": "chassis",
                "pk_attr": "digest",
                "table_description": "An event that somebody decided to do without: a dead letter, or one of the outbox that was set aside.",
            },
            bases=["Model"],
        ),
        ops.RunSQL(
            """
            DROP INDEX outbox_unsent;
            CREATE INDEX outbox_unsent ON outbox (id) WHERE sent_at IS NULL AND set_aside_at IS NULL;
            CREATE INDEX outbox_set_aside ON outbox (topic, key, id) WHERE set_aside_at IS NOT NULL;
            """,
            """
            DROP INDEX outbox_set_aside;
            DROP INDEX outbox_unsent;
            CREATE INDEX outbox_unsent ON outbox (id) WHERE sent_at IS NULL;
            """,
        ),
    ]

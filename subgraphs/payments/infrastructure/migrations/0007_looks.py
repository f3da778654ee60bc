from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("payments", "0006_attempts")]

    operations = [
        ops.CreateModel(
            name="ProviderLook",
            fields=[
                ("provider", fields.CharField(primary_key=True, max_length=20, unique=True, db_index=True)),
                ("looked_until", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "provider_looks",
                "app": "payments",
                "pk_attr": "provider",
                "table_description": "Until when a provider's lists of refunds and disputes were read.",
            },
            bases=["Model"],
        ),
        # Disputes that are open are asked about again and again from now on.
        ops.RunSQL(
            """
            UPDATE payments SET follow_at = now()
            WHERE follow_at IS NULL AND id IN (SELECT payment_id FROM disputes WHERE outcome = 'OPENED');
            """,
            "SELECT 1;",
        ),
    ]

"""Postal addresses as countries have them: with a state or province, a company, and one for invoices."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("users", "0003_sessions")]

    operations = [
        ops.AddField("Address", "country_area", fields.CharField(null=True, max_length=200)),
        ops.AddField("Address", "company", fields.CharField(null=True, max_length=200)),
        ops.AddField("Address", "is_default_billing", fields.BooleanField(db_default=False)),
        ops.RunSQL(
            "CREATE UNIQUE INDEX addresses_one_default_billing ON addresses (user_id) WHERE is_default_billing",
            "DROP INDEX addresses_one_default_billing",
        ),
    ]

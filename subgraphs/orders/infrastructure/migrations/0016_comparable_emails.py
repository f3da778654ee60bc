"""The form in which an order's e-mail address is compared.

Orders without it, of before and of a version that still runs, are in ASCII: for those, small letters are that form.
"""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("orders", "0015_billing_addresses")]

    operations = [
        ops.AddField("Order", "comparable_email", fields.TextField(null=True, unique=False)),
        ops.RunSQL(
            """
            DROP INDEX orders_email;
            CREATE INDEX orders_email ON orders (coalesce(comparable_email, lower(email)), id);
            """,
            """
            DROP INDEX orders_email;
            CREATE INDEX orders_email ON orders (lower(email), id);
            """,
        ),
    ]

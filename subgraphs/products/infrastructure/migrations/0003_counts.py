"""An index that tells how many products have prices between two others, without a look at their rows."""

from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("products", "0002_lists")]

    operations = [
        ops.RunSQL(
            "CREATE INDEX products_price_range ON products (min_price_minor, max_price_minor, id) WHERE withdrawn_at IS NULL",
            "DROP INDEX products_price_range",
        ),
    ]

"""What Tortoise's models can't say: what a product must be like, and the columns and indexes that lists live on."""

from tortoise import migrations
from tortoise.migrations import operations as ops

SLUG = "slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'"


class Migration(migrations.Migration):
    dependencies = [("products", "0001_initial")]

    operations = [
        ops.RunSQL(
            f"""
            ALTER TABLE categories
              ADD CONSTRAINT categories_slug CHECK ({SLUG}),
              ADD CONSTRAINT categories_not_below_itself CHECK (parent_id <> id);
            ALTER TABLE products
              ADD CONSTRAINT products_slug CHECK ({SLUG}),
              ADD CONSTRAINT products_title CHECK (char_length(title) BETWEEN 1 AND 200),
              ADD CONSTRAINT products_currency CHECK (currency ~ '^[A-Z]{{3}}$'),
              ADD CONSTRAINT products_prices CHECK (0 <= min_price_minor AND min_price_minor <= max_price_minor),
              ADD CONSTRAINT products_version CHECK (version >= 1),
              ADD CONSTRAINT products_lists CHECK (jsonb_typeof(options) = 'array' AND jsonb_typeof(media) = 'array');
            ALTER TABLE variants
              ADD CONSTRAINT variants_position CHECK (position >= 0),
              ADD CONSTRAINT variants_price CHECK (price_minor >= 0),
              ADD CONSTRAINT variants_weight CHECK (weight_grams >= 0),
              ADD CONSTRAINT variants_selected_options CHECK (jsonb_typeof(selected_options) = 'array');
            CREATE INDEX categories_parent ON categories (parent_id);
            """,
            """
            DROP INDEX categories_parent;
            ALTER TABLE variants
              DROP CONSTRAINT variants_selected_options, DROP CONSTRAINT variants_weight,
              DROP CONSTRAINT variants_price, DROP CONSTRAINT variants_position;
            ALTER TABLE products
              DROP CONSTRAINT products_lists, DROP CONSTRAINT products_version, DROP CONSTRAINT products_prices,
              DROP CONSTRAINT products_currency, DROP CONSTRAINT products_title, DROP CONSTRAINT products_slug;
            ALTER TABLE categories DROP CONSTRAINT categories_not_below_itself, DROP CONSTRAINT categories_slug;
            """,
        ),
        # Titles are sorted without regard to case, by a collation that every server has and no upgrade changes.
        # A title stands in `search` twice: as English words, and as it is written for those who are still typing it.
        ops.RunSQL(
            """
            ALTER TABLE products
              ADD COLUMN title_key text COLLATE "C" GENERATED ALWAYS AS (lower(title COLLATE "pg_c_utf8")) STORED,
              ADD COLUMN search tsvector GENERATED ALWAYS AS
                (setweight(to_tsvector('simple', title), 'A') || to_tsvector('english', title || ' ' || description)) STORED;
            CREATE INDEX products_newest ON products (created_at, id) WHERE withdrawn_at IS NULL;
            CREATE INDEX products_price ON products (min_price_minor, id) WHERE withdrawn_at IS NULL;
            CREATE INDEX products_title ON products (title_key, id) WHERE withdrawn_at IS NULL;
            CREATE INDEX products_category_newest ON products (category_id, created_at, id) WHERE withdrawn_at IS NULL;
            CREATE INDEX products_category_price ON products (category_id, min_price_minor, id) WHERE withdrawn_at IS NULL;
            CREATE INDEX products_category_title ON products (category_id, title_key, id) WHERE withdrawn_at IS NULL;
            CREATE INDEX products_search ON products USING gin (search) WHERE withdrawn_at IS NULL;
            """,
            """
            DROP INDEX products_search;
            DROP INDEX products_category_title;
            DROP INDEX products_category_price;
            DROP INDEX products_category_newest;
            DROP INDEX products_title;
            DROP INDEX products_price;
            DROP INDEX products_newest;
            ALTER TABLE products DROP COLUMN search, DROP COLUMN title_key;
            """,
        ),
    ]

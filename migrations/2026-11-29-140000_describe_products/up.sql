-- What a shop that sells food has to tell, what its variants and its pictures are, and what it is found by.
LOCK TABLE products IN ACCESS EXCLUSIVE MODE;

-- Functions with the rights of their owner must not find temporary tables of the caller first.
SELECT set_config('search_path', current_setting('search_path') || ', pg_temp', true);

CREATE FUNCTION has_gtin_check_digit(gtin text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT sum(digit::integer * CASE WHEN number % 2 = 1 THEN 3 ELSE 1 END) % 10 = 0
    FROM unnest(string_to_array(lpad(gtin, 14, '0'), NULL)) WITH ORDINALITY d(digit, number)
$$;
COMMENT ON FUNCTION has_gtin_check_digit(text) IS 'Whether the last digit of a number of 8 to 14 digits is its check digit (GS1).';
CREATE DOMAIN product_gtin AS text COLLATE "C"
    CHECK (VALUE IS NULL OR CASE WHEN VALUE ~ '^([0-9]{8}|[0-9]{12,14})$' THEN has_gtin_check_digit(VALUE) ELSE false END);
CREATE DOMAIN product_sku AS text COLLATE "C" CHECK (VALUE ~ '^[A-Za-z0-9._-]{1,64}$');
CREATE DOMAIN content_value AS numeric(9, 3) CHECK (VALUE > 0);
CREATE DOMAIN content_unit AS text COLLATE "C" CHECK (VALUE IN ('g', 'kg', 'ml', 'l', 'piece'));

ALTER TABLE products
    ADD COLUMN title text,
    ADD COLUMN sku product_sku,
    ADD COLUMN gtin product_gtin,
    ADD COLUMN brand text,
    ADD COLUMN list_price numeric(10, 2),
    ADD COLUMN net_content_value content_value,
    ADD COLUMN net_content_unit content_unit,
    ADD COLUMN food jsonb,
    ADD COLUMN variant_group text COLLATE "C",
    ADD COLUMN options jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN alt_texts jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN seo_title text,
    ADD COLUMN seo_description text,
    ADD CONSTRAINT products_list_price_check CHECK (list_price > price);
-- Numbers of 8, 12, 13 and 14 digits are the same with zeros in front of them.
CREATE UNIQUE INDEX products_sku_idx ON products (lower(sku)) WHERE sku IS NOT NULL;
CREATE UNIQUE INDEX products_gtin_idx ON products (lpad(gtin, 14, '0')) WHERE gtin IS NOT NULL;
CREATE INDEX products_variant_group_idx ON products (variant_group) WHERE variant_group IS NOT NULL;
COMMENT ON COLUMN products.title IS 'What people read; NULL for the name.';
COMMENT ON COLUMN products.brand IS 'NULL for the brand of the shop.';
COMMENT ON COLUMN products.list_price IS 'The price before a reduction.';
COMMENT ON COLUMN products.food IS 'Allergens, diets, nutrition, origin and storage.';
COMMENT ON COLUMN products.variant_group IS 'The group whose products are variants of one another.';
COMMENT ON COLUMN products.options IS 'What it differs in from its variants: pairs of a name and a value, in order.';
COMMENT ON COLUMN products.alt_texts IS 'What its images show, by address.';

CREATE FUNCTION logged_facts(products) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_object('title', $1.title, 'sku', $1.sku, 'gtin', $1.gtin, 'brand', $1.brand, 'list_price', $1.list_price,
        'net_content', CASE WHEN $1.net_content_unit IS NOT NULL
            THEN jsonb_build_object('value', trim_scale($1.net_content_value), 'unit', $1.net_content_unit) END,
        'food', $1.food, 'group', $1.variant_group, 'options', $1.options, 'alt_texts', $1.alt_texts,
        'seo_title', $1.seo_title, 'seo_description', $1.seo_description)
$$;
COMMENT ON FUNCTION logged_facts(products) IS 'What the log of changes tells of the facts of a product.';

CREATE OR REPLACE FUNCTION logged_columns(products) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_object('name', $1.name, 'slug', $1.slug, 'description', $1.description, 'details', $1.details,
        'price', $1.price, 'images', $1.images, 'ingredients', $1.ingredients, 'stock_quantity', $1.stock_quantity,
        'is_active', $1.is_active, 'rating_counts', $1.rating_counts, 'publish_at', utc_text($1.publish_at),
        'unpublish_at', utc_text($1.unpublish_at), 'low_stock_at', $1.low_stock_at) || logged_facts($1)
$$;

CREATE OR REPLACE FUNCTION log_changed_product() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    diff jsonb := '{}';
    marked text[] := '{}';
    touched text[] := ARRAY['product:' || NEW.slug, 'products', 'reviews:' || NEW.slug];
BEGIN
    IF NEW.stock_quantity <> OLD.stock_quantity THEN
        INSERT INTO stock_movements (product_id, change, balance, reason, reference)
        VALUES (NEW.id, NEW.stock_quantity - OLD.stock_quantity, NEW.stock_quantity,
            coalesce(nullif(current_setting('eggypro.stock_reason', true), ''), 'correction'),
            nullif(current_setting('eggypro.stock_reference', true), ''));
        IF OLD.stock_quantity = 0 THEN
            marked := '{back_in_stock}';
        END IF;
        diff := jsonb_build_object('stock_quantity', jsonb_build_array(OLD.stock_quantity, NEW.stock_quantity));
    END IF;
    IF NEW.price <> OLD.price THEN
        diff := diff || jsonb_build_object('price', jsonb_build_array(OLD.price, NEW.price));
    END IF;
    IF NEW.is_active <> OLD.is_active THEN
        diff := diff || jsonb_build_object('is_active', jsonb_build_array(OLD.is_active, NEW.is_active));
    END IF;
    IF NEW.rating_counts <> OLD.rating_counts THEN
        diff := diff || jsonb_build_object('rating_counts', jsonb_build_array(OLD.rating_counts, NEW.rating_counts));
    END IF;
    IF (NEW.name, NEW.slug, NEW.description, NEW.details, NEW.images, NEW.ingredients)
        <> (OLD.name, OLD.slug, OLD.description, OLD.details, OLD.images, OLD.ingredients) THEN
        diff := diff || change_diff(
            jsonb_build_object('name', OLD.name, 'slug', OLD.slug, 'description', OLD.description, 'details', OLD.details,
                'images', OLD.images, 'ingredients', OLD.ingredients),
            jsonb_build_object('name', NEW.name, 'slug', NEW.slug, 'description', NEW.description, 'details', NEW.details,
                'images', NEW.images, 'ingredients', NEW.ingredients));
    END IF;
    IF (NEW.publish_at, NEW.unpublish_at, NEW.low_stock_at) IS DISTINCT FROM (OLD.publish_at, OLD.unpublish_at, OLD.low_stock_at) THEN
        diff := diff || change_diff(
            jsonb_build_object('publish_at', utc_text(OLD.publish_at), 'unpublish_at', utc_text(OLD.unpublish_at),
                'low_stock_at', OLD.low_stock_at),
            jsonb_build_object('publish_at', utc_text(NEW.publish_at), 'unpublish_at', utc_text(NEW.unpublish_at),
                'low_stock_at', NEW.low_stock_at));
    END IF;
    IF (NEW.title, NEW.sku, NEW.gtin, NEW.brand, NEW.list_price, NEW.net_content_value, NEW.net_content_unit, NEW.food,
            NEW.variant_group, NEW.options, NEW.alt_texts, NEW.seo_title, NEW.seo_description)
        IS DISTINCT FROM (OLD.title, OLD.sku, OLD.gtin, OLD.brand, OLD.list_price, OLD.net_content_value, OLD.net_content_unit, OLD.food,
            OLD.variant_group, OLD.options, OLD.alt_texts, OLD.seo_title, OLD.seo_description) THEN
        diff := diff || change_diff(logged_facts(OLD), logged_facts(NEW));
    END IF;
    -- A version without a difference is that of something that is shown and not logged, or of links, which are logged by theirs.
    IF diff = '{}' AND current_setting('eggypro.follows_links', true) = 'on' THEN
        RETURN NULL;
    END IF;
    IF NEW.slug <> OLD.slug THEN
        touched := touched || ARRAY['product:' || OLD.slug, 'reviews:' || OLD.slug];
    END IF;
    IF NEW.slug <> OLD.slug OR NEW.is_active <> OLD.is_active THEN
        touched := touched || former_product_tags(NEW.id);
    END IF;
    IF NEW.stock_quantity <= NEW.low_stock_at AND OLD.stock_quantity > NEW.low_stock_at THEN
        marked := marked || '{low_stock}'::text[];
    END IF;
    INSERT INTO changes (resource, resource_id, slug, action, diff, tags, marks)
    VALUES ('product', NEW.id::text, NEW.slug, 'updated', diff, touched, marked)
    ON CONFLICT (transaction_id, resource, resource_id) WHERE transaction_id > '0' DO NOTHING;
    IF NOT FOUND THEN
        PERFORM add_change('product', NEW.id::text, NEW.slug, 'updated', diff, touched);
        IF 'low_stock' = ANY(marked) THEN
            PERFORM mark_low_stock(NEW.id);
        END IF;
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION raise_product_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.name, NEW.slug, NEW.description, NEW.details, NEW.price, NEW.images, NEW.ingredients, NEW.stock_quantity,
            NEW.is_active, NEW.rating_counts, NEW.created_at, NEW.publish_at, NEW.unpublish_at, NEW.low_stock_at)
        IS DISTINCT FROM (OLD.name, OLD.slug, OLD.description, OLD.details, OLD.price, OLD.images, OLD.ingredients,
            OLD.stock_quantity, OLD.is_active, OLD.rating_counts, OLD.created_at, OLD.publish_at, OLD.unpublish_at,
            OLD.low_stock_at)
        OR (NEW.title, NEW.sku, NEW.gtin, NEW.brand, NEW.list_price, NEW.net_content_value, NEW.net_content_unit, NEW.food,
            NEW.variant_group, NEW.options, NEW.alt_texts, NEW.seo_title, NEW.seo_description)
        IS DISTINCT FROM (OLD.title, OLD.sku, OLD.gtin, OLD.brand, OLD.list_price, OLD.net_content_value, OLD.net_content_unit, OLD.food,
            OLD.variant_group, OLD.options, OLD.alt_texts, OLD.seo_title, OLD.seo_description) THEN
        NEW.version := OLD.version + 1;
        NEW.updated_at := now();
    END IF;
    RETURN NEW;
END $$;

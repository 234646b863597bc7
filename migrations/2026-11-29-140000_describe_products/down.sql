-- Functions with the rights of their owner must not find temporary tables of the caller first.
SELECT set_config('search_path', current_setting('search_path') || ', pg_temp', true);

CREATE OR REPLACE FUNCTION raise_product_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.name, NEW.slug, NEW.description, NEW.details, NEW.price, NEW.images, NEW.ingredients, NEW.stock_quantity,
            NEW.is_active, NEW.rating_counts, NEW.created_at, NEW.publish_at, NEW.unpublish_at, NEW.low_stock_at)
        IS DISTINCT FROM (OLD.name, OLD.slug, OLD.description, OLD.details, OLD.price, OLD.images, OLD.ingredients,
            OLD.stock_quantity, OLD.is_active, OLD.rating_counts, OLD.created_at, OLD.publish_at, OLD.unpublish_at,
            OLD.low_stock_at) THEN
        NEW.version := OLD.version + 1;
        NEW.updated_at := now();
    END IF;
    RETURN NEW;
END $$;

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

CREATE OR REPLACE FUNCTION logged_columns(products) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_object('name', $1.name, 'slug', $1.slug, 'description', $1.description, 'details', $1.details,
        'price', $1.price, 'images', $1.images, 'ingredients', $1.ingredients, 'stock_quantity', $1.stock_quantity,
        'is_active', $1.is_active, 'rating_counts', $1.rating_counts, 'publish_at', utc_text($1.publish_at),
        'unpublish_at', utc_text($1.unpublish_at), 'low_stock_at', $1.low_stock_at)
$$;

DROP FUNCTION logged_facts(products);
ALTER TABLE products
    DROP CONSTRAINT products_list_price_check,
    DROP COLUMN title,
    DROP COLUMN sku,
    DROP COLUMN gtin,
    DROP COLUMN brand,
    DROP COLUMN list_price,
    DROP COLUMN net_content_value,
    DROP COLUMN net_content_unit,
    DROP COLUMN food,
    DROP COLUMN variant_group,
    DROP COLUMN options,
    DROP COLUMN alt_texts,
    DROP COLUMN seo_title,
    DROP COLUMN seo_description;
DROP DOMAIN content_unit, content_value, product_sku, product_gtin;
DROP FUNCTION has_gtin_check_digit(text);

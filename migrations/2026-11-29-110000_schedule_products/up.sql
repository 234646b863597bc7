-- Products are published, unpublished and reordered in time.
LOCK TABLE products IN ACCESS EXCLUSIVE MODE;

-- Functions with the rights of their owner must not find temporary tables of the caller first.
SELECT set_config('search_path', current_setting('search_path') || ', pg_temp', true);
ALTER FUNCTION announce_changes() SET search_path FROM CURRENT;
ALTER TABLE products
    ADD COLUMN publish_at timestamptz,
    ADD COLUMN unpublish_at timestamptz,
    ADD COLUMN low_stock_at integer CHECK (low_stock_at >= 0),
    ADD CONSTRAINT products_schedule_check CHECK (publish_at < unpublish_at);
CREATE INDEX products_schedule_idx ON products (least(publish_at, unpublish_at))
    WHERE publish_at IS NOT NULL OR unpublish_at IS NOT NULL;
COMMENT ON COLUMN products.publish_at IS 'When it becomes active; NULL once it has.';
COMMENT ON COLUMN products.unpublish_at IS 'When it becomes inactive; NULL once it has.';
COMMENT ON COLUMN products.low_stock_at IS 'The stock at which it is time to order more.';
COMMENT ON COLUMN changes.marks IS 'What happened besides: back_in_stock, low_stock, verified, unverified.';

CREATE FUNCTION utc_text(timestamptz) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT to_char($1 AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;
COMMENT ON FUNCTION utc_text(timestamptz) IS 'A time as RFC 3339 writes it, whatever the time zone of the session.';

CREATE OR REPLACE FUNCTION logged_columns(products) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_object('name', $1.name, 'slug', $1.slug, 'description', $1.description, 'details', $1.details,
        'price', $1.price, 'images', $1.images, 'ingredients', $1.ingredients, 'stock_quantity', $1.stock_quantity,
        'is_active', $1.is_active, 'rating_counts', $1.rating_counts, 'publish_at', utc_text($1.publish_at),
        'unpublish_at', utc_text($1.unpublish_at), 'low_stock_at', $1.low_stock_at)
$$;

-- With the rights of the log's owner, as add_change().
CREATE FUNCTION mark_low_stock(product integer) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    UPDATE changes SET marks = marks || '{low_stock}'::text[]
    WHERE transaction_id > '0' AND transaction_id = pg_current_xact_id() AND resource = 'product' AND resource_id = product::text
        AND NOT 'low_stock' = ANY(marks);
END $$;
COMMENT ON FUNCTION mark_low_stock(integer) IS 'Marks a change of this transaction as one that makes stock low.';

CREATE OR REPLACE FUNCTION add_change(what text, which text, found_at text, done text, difference jsonb, touched text[])
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO changes (resource, resource_id, slug, action, diff, tags, marks)
    VALUES (what, which, found_at, done, difference, touched, change_marks(what, done, difference))
    ON CONFLICT (transaction_id, resource, resource_id) WHERE transaction_id > '0' DO NOTHING;
    IF NOT FOUND THEN
        UPDATE changes SET
            slug = found_at,
            action = CASE WHEN done = 'updated' THEN action ELSE done END,
            diff = change_diffs_joined(diff, difference),
            tags = ARRAY(SELECT unnest(tags) UNION SELECT unnest(touched)),
            marks = change_marks(resource, action, change_diffs_joined(diff, difference))
                || CASE WHEN 'low_stock' = ANY(marks) THEN '{low_stock}'::text[] ELSE '{}' END
        WHERE transaction_id > '0' AND transaction_id = pg_current_xact_id() AND resource = what AND resource_id = which;
    END IF;
END $$;

CREATE OR REPLACE FUNCTION log_changed_product() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    diff jsonb := '{}';
    touched text[] := ARRAY['product:' || NEW.slug, 'products', 'reviews:' || NEW.slug];
BEGIN
    IF NEW.stock_quantity <> OLD.stock_quantity THEN
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
    PERFORM add_change('product', NEW.id::text, NEW.slug, 'updated', diff, touched);
    IF NEW.stock_quantity <= NEW.low_stock_at AND OLD.stock_quantity > NEW.low_stock_at THEN
        PERFORM mark_low_stock(NEW.id);
    END IF;
    RETURN NULL;
END $$;

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

LOCK TABLE products IN ACCESS EXCLUSIVE MODE;
ALTER TABLE products
    ADD COLUMN rating_count integer NOT NULL GENERATED ALWAYS AS (
        rating_counts[1] + rating_counts[2] + rating_counts[3] + rating_counts[4] + rating_counts[5]
    ) STORED,
    ADD COLUMN rating_sum integer NOT NULL GENERATED ALWAYS AS (
        rating_counts[1] + 2 * rating_counts[2] + 3 * rating_counts[3] + 4 * rating_counts[4] + 5 * rating_counts[5]
    ) STORED,
    ADD COLUMN rating_score integer NOT NULL GENERATED ALWAYS AS (
        coalesce(
            (rating_counts[1] + 2 * rating_counts[2] + 3 * rating_counts[3] + 4 * rating_counts[4]
                + 5 * rating_counts[5])::bigint * 1000000
            / nullif(rating_counts[1] + rating_counts[2] + rating_counts[3] + rating_counts[4] + rating_counts[5], 0),
            0)::integer
    ) STORED;
COMMENT ON COLUMN products.rating_count IS 'How many verified reviews there are.';
COMMENT ON COLUMN products.rating_sum IS 'All stars of verified reviews together.';
COMMENT ON COLUMN products.rating_score IS 'The mean in millionths of a star, 0 without a review: the key of sorting.';

CREATE OR REPLACE FUNCTION log_changed_product() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    diff jsonb := change_diff(logged_columns(OLD), logged_columns(NEW));
    touched text[] := product_tags(NEW.slug);
BEGIN
    -- A version without a difference is that of something which is shown and not logged here. Of links it is logged by them.
    IF diff = '{}' AND (NEW.version = OLD.version OR current_setting('eggypro.follows_links', true) = 'on') THEN
        RETURN NULL;
    END IF;
    IF NEW.slug <> OLD.slug THEN
        touched := touched || product_tags(OLD.slug);
    END IF;
    IF NEW.slug <> OLD.slug OR NEW.is_active <> OLD.is_active THEN
        touched := touched || former_product_tags(NEW.id);
    END IF;
    PERFORM add_change('product', NEW.id::text, NEW.slug, 'updated', diff, touched);
    RETURN NULL;
END $$;

DROP TRIGGER log_changed_product ON products;
CREATE TRIGGER log_changed_product
    AFTER UPDATE ON products
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION log_changed_product();
DROP TRIGGER raise_product_version ON products;
CREATE OR REPLACE FUNCTION raise_product_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := OLD.version + 1;
    NEW.updated_at := now();
    RETURN NEW;
END $$;
CREATE TRIGGER raise_product_version
    BEFORE UPDATE ON products
    FOR EACH ROW
    WHEN (NEW.version = OLD.version AND (OLD.name, OLD.slug, OLD.description, OLD.details, OLD.price, OLD.images, OLD.ingredients,
            OLD.stock_quantity, OLD.is_active, OLD.rating_counts, OLD.created_at)
        IS DISTINCT FROM (NEW.name, NEW.slug, NEW.description, NEW.details, NEW.price, NEW.images, NEW.ingredients,
            NEW.stock_quantity, NEW.is_active, NEW.rating_counts, NEW.created_at))
    EXECUTE FUNCTION raise_product_version();

CREATE OR REPLACE FUNCTION add_change(what text, which text, found_at text, done text, difference jsonb, touched text[])
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO changes AS known (resource, resource_id, slug, action, diff, tags, marks)
    VALUES (what, which, found_at, done, difference, touched, change_marks(what, done, difference))
    ON CONFLICT (transaction_id, resource, resource_id) WHERE transaction_id > '0' DO UPDATE SET
        slug = EXCLUDED.slug,
        action = CASE WHEN EXCLUDED.action = 'updated' THEN known.action ELSE EXCLUDED.action END,
        diff = change_diffs_joined(known.diff, EXCLUDED.diff),
        tags = ARRAY(SELECT unnest(known.tags) UNION SELECT unnest(EXCLUDED.tags)),
        marks = change_marks(known.resource, known.action, change_diffs_joined(known.diff, EXCLUDED.diff));
END $$;

CREATE OR REPLACE FUNCTION announce_changes() RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    transaction xid8 := pg_current_xact_id_if_assigned();
    announcement text;
BEGIN
    SELECT concat_ws(' ', transaction || '-' || extract(epoch FROM min(at)),
        CASE WHEN length(string_agg(DISTINCT tag, ' ')) > 7500 THEN 'everything'
            ELSE string_agg(DISTINCT tag, ' ') END)
    INTO announcement
    FROM changes LEFT JOIN unnest(tags) tag ON true
    WHERE transaction_id > '0' AND transaction_id = transaction
    HAVING count(*) > 0;
    IF announcement IS NOT NULL THEN
        PERFORM set_config('eggypro.announced', transaction::text, true), pg_notify('eggypro_changes', announcement);
    END IF;
    RETURN announcement;
END $$;

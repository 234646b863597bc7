-- Functions with the rights of their owner must not find temporary tables of the caller first.
SELECT set_config('search_path', current_setting('search_path') || ', pg_temp', true);

DROP FUNCTION commit_movements(text[], bigint[], text, text, text, text, text, text, text);
ALTER FUNCTION last_movement(integer) RESET enable_seqscan;
ALTER FUNCTION add_change(text, text, text, text, jsonb, text[]) RESET enable_seqscan;
ALTER FUNCTION mark_low_stock(integer) RESET enable_seqscan;
ALTER FUNCTION announce_changes() RESET enable_seqscan;
CREATE OR REPLACE FUNCTION move_stock(product_slugs text[], changes bigint[], reason text, reference text) RETURNS SETOF stock_outcome
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    product integer;
BEGIN
    PERFORM explain_movements(reason, reference);
    IF cardinality(product_slugs) = 1 THEN
        UPDATE products p SET stock_quantity = p.stock_quantity + changes[1], version = p.version + 1,
            updated_at = greatest(p.updated_at, now())
        WHERE p.slug = product_slugs[1] AND p.stock_quantity + changes[1] BETWEEN 0 AND 2147483647
        RETURNING p.id INTO product;
        IF FOUND THEN
            RETURN QUERY SELECT * FROM last_movement(product);
            PERFORM explain_movements('', '');
            RETURN;
        END IF;
    END IF;
    -- In one order, so that two orders never wait for each other.
    PERFORM FROM products p WHERE p.slug = ANY(product_slugs) ORDER BY p.id FOR NO KEY UPDATE;
    RETURN QUERY
        SELECT l.slug, CASE WHEN p.id IS NULL THEN 'not found' WHEN l.change < 0 THEN 'insufficient' ELSE 'too high' END,
            p.stock_quantity, NULL::bigint, NULL::integer, NULL::integer, NULL::timestamptz
        FROM (SELECT u.slug, sum(u.change) AS change, min(u.number) AS number
            FROM unnest(product_slugs, changes) WITH ORDINALITY u(slug, change, number) GROUP BY u.slug) l
        LEFT JOIN products p ON p.slug = l.slug
        WHERE p.id IS NULL OR p.stock_quantity + l.change NOT BETWEEN 0 AND 2147483647
        ORDER BY l.number;
    IF NOT FOUND THEN
        UPDATE products p SET stock_quantity = p.stock_quantity + l.change, version = p.version + 1,
            updated_at = greatest(p.updated_at, now())
        FROM (SELECT u.slug, sum(u.change) AS change FROM unnest(product_slugs, changes) u(slug, change) GROUP BY u.slug) l
        WHERE p.slug = l.slug AND l.change <> 0 AND p.stock_quantity + l.change BETWEEN 0 AND 2147483647;
        RETURN QUERY
            SELECT m.*
            FROM (SELECT u.slug, min(u.number) AS number
                FROM unnest(product_slugs, changes) WITH ORDINALITY u(slug, change, number)
                GROUP BY u.slug HAVING sum(u.change) <> 0) l
            JOIN products p ON p.slug = l.slug, last_movement(p.id) m
            ORDER BY l.number;
    END IF;
    PERFORM explain_movements('', '');
END $$;

DROP TRIGGER announce_unannounced_changes ON changes;
CREATE CONSTRAINT TRIGGER announce_unannounced_changes
    AFTER INSERT ON changes DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION announce_unannounced_changes();

GRANT EXECUTE ON FUNCTION log_changed_product() TO PUBLIC;
CREATE OR REPLACE FUNCTION log_changed_product() RETURNS trigger LANGUAGE plpgsql SECURITY INVOKER SET search_path FROM CURRENT AS $$
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

-- With the rights of the owner: a role that may change products need not have any for the ledger.
CREATE FUNCTION record_stock_movement() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO stock_movements (product_id, change, balance, reason, reference)
    VALUES (NEW.id, NEW.stock_quantity - OLD.stock_quantity, NEW.stock_quantity,
        coalesce(nullif(current_setting('eggypro.stock_reason', true), ''), 'correction'),
        nullif(current_setting('eggypro.stock_reference', true), ''));
    RETURN NULL;
END $$;
CREATE TRIGGER record_stock_movement
    AFTER UPDATE ON products
    FOR EACH ROW
    WHEN (NEW.stock_quantity <> OLD.stock_quantity)
    EXECUTE FUNCTION record_stock_movement();
REVOKE EXECUTE ON FUNCTION record_stock_movement() FROM PUBLIC;

ALTER TABLE stock_movements
    ALTER COLUMN reason TYPE text COLLATE "C",
    ALTER COLUMN actor_kind SET DEFAULT coalesce(nullif(current_setting('eggypro.actor_kind', true), ''), 'database'),
    ADD CONSTRAINT stock_movements_balance_check CHECK (balance >= 0),
    ADD CONSTRAINT stock_movements_check CHECK (change <> 0 OR reason NOT IN ('reservation', 'release')),
    ADD CONSTRAINT stock_movements_actor_kind_check CHECK (actor_kind IN ('admin', 'key', 'customer', 'system', 'database')),
    ADD CONSTRAINT stock_movements_reason_check
        CHECK (reason IN ('sale', 'delivery', 'return', 'count', 'loss', 'correction', 'reservation', 'release'));
ALTER TABLE changes
    ALTER COLUMN actor_kind SET DEFAULT coalesce(nullif(current_setting('eggypro.actor_kind', true), ''), 'database'),
    ADD CONSTRAINT changes_actor_kind_check CHECK (actor_kind IN ('admin', 'key', 'customer', 'system', 'database'));
DROP DOMAIN movement_reason, actor_kind;

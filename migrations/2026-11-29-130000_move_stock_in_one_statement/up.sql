-- A movement takes one statement instead of four, and one trigger records and logs it.
LOCK TABLE products, stock_movements, changes IN ACCESS EXCLUSIVE MODE;

-- Functions with the rights of their owner must not find temporary tables of the caller first.
SELECT set_config('search_path', current_setting('search_path') || ', pg_temp', true);

-- PostgreSQL reads check constraints anew for each statement, and those of a domain once for each session.
CREATE DOMAIN actor_kind AS text COLLATE "C" CHECK (VALUE IN ('admin', 'key', 'customer', 'system', 'database'));
COMMENT ON DOMAIN actor_kind IS 'Who made a change; database for a statement that no server made.';
CREATE DOMAIN movement_reason AS text COLLATE "C"
    CHECK (VALUE IN ('sale', 'delivery', 'return', 'count', 'loss', 'correction', 'reservation', 'release'));
COMMENT ON DOMAIN movement_reason IS 'Why stock moved.';
ALTER TABLE changes
    DROP CONSTRAINT changes_actor_kind_check,
    ALTER COLUMN actor_kind SET DEFAULT coalesce(nullif(current_setting('eggypro.actor_kind', true), ''), 'database')::actor_kind;
-- Movements have the balances that the constraint of products allows.
ALTER TABLE stock_movements
    DROP CONSTRAINT stock_movements_balance_check,
    DROP CONSTRAINT stock_movements_check,
    DROP CONSTRAINT stock_movements_actor_kind_check,
    DROP CONSTRAINT stock_movements_reason_check,
    ALTER COLUMN reason TYPE movement_reason,
    ALTER COLUMN actor_kind SET DEFAULT coalesce(nullif(current_setting('eggypro.actor_kind', true), ''), 'database')::actor_kind;

-- With the rights of the owner: a role that may change products need not have any for the ledger and the log.
DROP TRIGGER record_stock_movement ON products;
DROP FUNCTION record_stock_movement();
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
REVOKE EXECUTE ON FUNCTION log_changed_product() FROM PUBLIC;

-- Servers announce their changes themselves.
DROP TRIGGER announce_unannounced_changes ON changes;
CREATE CONSTRAINT TRIGGER announce_unannounced_changes
    AFTER INSERT ON changes DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW
    WHEN (current_setting('eggypro.announces', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION announce_unannounced_changes();

-- Sessions keep the plans that they made when these tables were small.
ALTER FUNCTION announce_changes() SET enable_seqscan = off;
ALTER FUNCTION mark_low_stock(integer) SET enable_seqscan = off;
ALTER FUNCTION add_change(text, text, text, text, jsonb, text[]) SET enable_seqscan = off;
ALTER FUNCTION last_movement(integer) SET enable_seqscan = off;
-- All products that can't move are named. A single product needs no lock before its update.
CREATE OR REPLACE FUNCTION move_stock(product_slugs text[], changes bigint[], reason text, reference text) RETURNS SETOF stock_outcome
LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off AS $$
DECLARE
    movement bigint;
BEGIN
    PERFORM explain_movements(reason, reference);
    IF cardinality(product_slugs) = 1 THEN
        UPDATE products p SET stock_quantity = p.stock_quantity + changes[1], version = p.version + 1,
            updated_at = greatest(p.updated_at, now())
        WHERE p.slug = product_slugs[1] AND p.stock_quantity + changes[1] BETWEEN 0 AND 2147483647;
        IF FOUND THEN
            movement := currval('stock_movements_id_seq');
            RETURN QUERY
                SELECT product_slugs[1], NULL::text, m.balance, m.id, m.change, m.balance, m.at
                FROM stock_movements m WHERE m.id = movement;
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

CREATE FUNCTION commit_movements(product_slugs text[], changes bigint[], reason text, reference text,
    actor_kind text, actor_id text, actor_name text, request_id text, why text)
RETURNS TABLE (slug text, refusal text, available integer, id bigint, change integer, balance integer, at timestamptz,
    announcement text)
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('eggypro.announces', 'on', true), set_config('eggypro.actor_kind', actor_kind, true),
        set_config('eggypro.actor_id', actor_id, true), set_config('eggypro.actor_name', actor_name, true),
        set_config('eggypro.request_id', request_id, true), set_config('eggypro.reason', why, true);
    RETURN QUERY SELECT m.*, NULL::text FROM move_stock(product_slugs, changes, reason, reference) m;
    announcement := announce_changes();
    IF announcement IS NOT NULL THEN
        RETURN NEXT;
    END IF;
END $$;
COMMENT ON FUNCTION commit_movements(text[], bigint[], text, text, text, text, text, text, text) IS
    'A transaction that only moves stock, as one statement: sets its origin, moves and announces, which is the last row.';

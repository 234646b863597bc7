-- The stock ledger: a trigger records every change of a product's stock, whoever makes it and however.
LOCK TABLE products IN SHARE ROW EXCLUSIVE MODE;

-- Functions with the rights of their owner must not find temporary tables of the caller first.
SELECT set_config('search_path', current_setting('search_path') || ', pg_temp', true);

CREATE TABLE stock_movements (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    product_id integer NOT NULL,
    change integer NOT NULL CHECK (change <> 0 OR reason NOT IN ('reservation', 'release')),
    balance integer NOT NULL CHECK (balance >= 0),
    reason text COLLATE "C" NOT NULL
        CHECK (reason IN ('sale', 'delivery', 'return', 'count', 'loss', 'correction', 'reservation', 'release')),
    reference text,
    actor_kind text COLLATE "C" NOT NULL DEFAULT coalesce(nullif(current_setting('eggypro.actor_kind', true), ''), 'database')
        CHECK (actor_kind IN ('admin', 'key', 'customer', 'system', 'database')),
    actor_id text COLLATE "C" DEFAULT CASE coalesce(current_setting('eggypro.actor_kind', true), '')
        WHEN '' THEN session_user::text ELSE nullif(current_setting('eggypro.actor_id', true), '') END,
    actor_name text DEFAULT nullif(current_setting('eggypro.actor_name', true), ''),
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);
-- A foreign key would be checked with every movement, though only the trigger below inserts, with the id of a product.
CREATE INDEX stock_movements_product_idx ON stock_movements (product_id, id);
COMMENT ON TABLE stock_movements IS 'Every change of a product''s stock. Their sum is its stock. Rows are only added.';
COMMENT ON COLUMN stock_movements.change IS 'Pieces that came, negative for pieces that went.';
COMMENT ON COLUMN stock_movements.balance IS 'The stock after the movement.';
COMMENT ON COLUMN stock_movements.reference IS 'What it belongs to, such as the number of an order.';
COMMENT ON COLUMN stock_movements.actor_kind IS 'admin, key, customer, system; database for a change by hand.';

INSERT INTO stock_movements (product_id, change, balance, reason, actor_kind, actor_id)
SELECT id, stock_quantity, stock_quantity, 'correction', 'system', NULL FROM products WHERE stock_quantity <> 0 ORDER BY id;

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

CREATE FUNCTION record_first_stock() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO stock_movements (product_id, change, balance, reason)
    SELECT id, stock_quantity, stock_quantity, 'correction' FROM made WHERE stock_quantity <> 0;
    RETURN NULL;
END $$;
CREATE TRIGGER record_first_stock
    AFTER INSERT ON products REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION record_first_stock();

CREATE FUNCTION remove_stock_movements() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM stock_movements WHERE product_id = OLD.id;
    ELSE
        DELETE FROM stock_movements;
        DELETE FROM reservations WHERE status = 'held';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER remove_stock_movements
    AFTER DELETE ON products
    FOR EACH ROW EXECUTE FUNCTION remove_stock_movements();
CREATE TRIGGER remove_all_stock_movements
    AFTER TRUNCATE ON products
    FOR EACH STATEMENT EXECUTE FUNCTION remove_stock_movements();

-- Each statement is checked once: a product may have a million movements.
CREATE FUNCTION protect_stock_movements() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF NOT EXISTS (SELECT FROM gone JOIN products p ON p.id = gone.product_id) THEN
            RETURN NULL;
        END IF;
    ELSIF TG_OP = 'TRUNCATE' THEN
        IF NOT EXISTS (SELECT FROM products) THEN
            RETURN NULL;
        END IF;
    END IF;
    RAISE EXCEPTION 'the movements of a product follow its stock, and are neither changed nor deleted'
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER protect_inserted_movements
    BEFORE INSERT ON stock_movements
    FOR EACH ROW
    WHEN (NEW.change <> 0 AND pg_trigger_depth() = 0)
    EXECUTE FUNCTION protect_stock_movements();
CREATE TRIGGER protect_updated_movements
    BEFORE UPDATE ON stock_movements
    FOR EACH STATEMENT EXECUTE FUNCTION protect_stock_movements();
CREATE TRIGGER protect_deleted_movements
    AFTER DELETE ON stock_movements REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION protect_stock_movements();
CREATE TRIGGER protect_truncated_movements
    AFTER TRUNCATE ON stock_movements
    FOR EACH STATEMENT EXECUTE FUNCTION protect_stock_movements();
REVOKE EXECUTE ON FUNCTION record_stock_movement(), record_first_stock(), remove_stock_movements() FROM PUBLIC;

-- A movement, or why there is none.
CREATE TYPE stock_outcome AS (
    slug text,
    refusal text,
    available integer,
    id bigint,
    change integer,
    balance integer,
    at timestamptz
);

CREATE FUNCTION explain_movements(reason text, reference text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('eggypro.stock_reason', reason, true), set_config('eggypro.stock_reference', coalesce(reference, ''), true);
END $$;
COMMENT ON FUNCTION explain_movements(text, text) IS
    'Sets the reason and reference of the movements that follow in this transaction.';

CREATE FUNCTION last_movement(product integer) RETURNS SETOF stock_outcome LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
BEGIN
    RETURN QUERY
        SELECT p.slug::text, NULL::text, p.stock_quantity, m.id, m.change, m.balance, m.at
        FROM stock_movements m JOIN products p ON p.id = m.product_id
        WHERE m.product_id = product ORDER BY m.id DESC LIMIT 1;
END $$;
COMMENT ON FUNCTION last_movement(integer) IS 'The last movement of a product.';

-- All products that can't move are named. A single product needs no lock before its update.
CREATE FUNCTION move_stock(product_slugs text[], changes bigint[], reason text, reference text) RETURNS SETOF stock_outcome
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
COMMENT ON FUNCTION move_stock(text[], bigint[], text, text) IS
    'Makes the movements of an order, or says of each product that prevents it why. Changes of one product count together.';

CREATE FUNCTION set_stock(product_slug text, stock integer, expected integer, reason text, reference text)
RETURNS SETOF stock_outcome LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    product record;
BEGIN
    SELECT p.id, p.slug, p.stock_quantity INTO product FROM products p WHERE p.slug = product_slug FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN NEXT ROW(product_slug, 'not found', NULL, NULL, NULL, NULL, NULL)::stock_outcome;
        RETURN;
    END IF;
    IF expected <> product.stock_quantity THEN
        RETURN NEXT ROW(product_slug, 'changed', product.stock_quantity, NULL, NULL, NULL, NULL)::stock_outcome;
        RETURN;
    END IF;
    PERFORM explain_movements(reason, reference);
    IF stock = product.stock_quantity THEN
        -- What was counted is worth recording, also if it is as expected.
        INSERT INTO stock_movements (product_id, change, balance, reason, reference)
        VALUES (product.id, 0, stock, reason, reference);
    ELSE
        UPDATE products p SET stock_quantity = stock, version = p.version + 1, updated_at = greatest(p.updated_at, now())
        WHERE p.id = product.id;
    END IF;
    RETURN QUERY SELECT * FROM last_movement(product.id);
    PERFORM explain_movements('', '');
END $$;
COMMENT ON FUNCTION set_stock(text, integer, integer, text, text) IS
    'Sets the stock of a product if it is as expected, or says why not.';

CREATE TABLE reservations (
    id uuid PRIMARY KEY,
    reference text NOT NULL,
    status text COLLATE "C" NOT NULL DEFAULT 'held' CHECK (status IN ('held', 'confirmed', 'released')),
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz,
    product_ids integer[] NOT NULL,
    slugs text[] COLLATE "C" NOT NULL,
    quantities integer[] NOT NULL
);
CREATE INDEX reservations_expires_at_idx ON reservations (expires_at) WHERE status = 'held';
COMMENT ON TABLE reservations IS 'Stock that was taken for orders that are not paid yet.';
COMMENT ON COLUMN reservations.slugs IS 'The slugs of the products when they were reserved.';

-- Reservations are locked before products, both in one order, which prevents deadlocks. Removed products get nothing back.
CREATE FUNCTION release_reservations(reservation_ids uuid[]) RETURNS bigint LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    reservation record;
    released bigint := 0;
BEGIN
    PERFORM FROM reservations r WHERE r.id = ANY(reservation_ids) ORDER BY r.id FOR UPDATE;
    PERFORM FROM products p
        WHERE p.id IN (SELECT unnest(r.product_ids) FROM reservations r WHERE r.id = ANY(reservation_ids))
        ORDER BY p.id FOR NO KEY UPDATE;
    FOR reservation IN
        UPDATE reservations r SET status = 'released', ended_at = now()
        WHERE r.id = ANY(reservation_ids) AND r.status = 'held'
        RETURNING r.*
    LOOP
        released := released + 1;
        PERFORM explain_movements('release', reservation.reference);
        UPDATE products p SET stock_quantity = least(p.stock_quantity::bigint + l.quantity, 2147483647), version = p.version + 1,
            updated_at = greatest(p.updated_at, now())
        FROM unnest(reservation.product_ids, reservation.quantities) l(id, quantity)
        WHERE p.id = l.id;
    END LOOP;
    PERFORM explain_movements('', '');
    RETURN released;
END $$;
COMMENT ON FUNCTION release_reservations(uuid[]) IS 'Gives the stock of held reservations back. Returns how many there were.';

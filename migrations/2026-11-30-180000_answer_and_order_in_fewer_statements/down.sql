-- Functions must not find temporary tables of the caller first.
SELECT set_config('search_path', current_setting('search_path') || ', pg_temp', true);

DROP FUNCTION record_answer(bytea, bytea, smallint, text[], bytea, double precision);

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

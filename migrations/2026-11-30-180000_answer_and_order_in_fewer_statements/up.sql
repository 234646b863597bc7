-- An order locks and checks its products in one statement, and reads its movements in another.
-- Functions must not find temporary tables of the caller first.
SELECT set_config('search_path', current_setting('search_path') || ', pg_temp', true);

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
    RETURN QUERY
        WITH locked AS MATERIALIZED (
            -- In one order, so that two orders never wait for each other. A product that takes another one's slug while that
            -- one is waited for is not found: it is not locked.
            SELECT p.slug, p.stock_quantity FROM products p WHERE p.slug = ANY(product_slugs) ORDER BY p.id FOR NO KEY UPDATE)
        SELECT l.slug, CASE WHEN p.slug IS NULL THEN 'not found' WHEN l.change < 0 THEN 'insufficient' ELSE 'too high' END,
            p.stock_quantity, NULL::bigint, NULL::integer, NULL::integer, NULL::timestamptz
        FROM (SELECT u.slug, sum(u.change) AS change, min(u.number) AS number
            FROM unnest(product_slugs, changes) WITH ORDINALITY u(slug, change, number) GROUP BY u.slug) l
        LEFT JOIN locked p ON p.slug = l.slug
        WHERE p.slug IS NULL OR p.stock_quantity + l.change NOT BETWEEN 0 AND 2147483647
        ORDER BY l.number;
    IF NOT FOUND THEN
        UPDATE products p SET stock_quantity = p.stock_quantity + l.change, version = p.version + 1,
            updated_at = greatest(p.updated_at, now())
        FROM (SELECT u.slug, sum(u.change) AS change FROM unnest(product_slugs, changes) u(slug, change) GROUP BY u.slug) l
        WHERE p.slug = l.slug AND l.change <> 0 AND p.stock_quantity + l.change BETWEEN 0 AND 2147483647;
        RETURN QUERY
            SELECT l.slug, NULL::text, m.balance, m.id, m.change, m.balance, m.at
            FROM (SELECT u.slug, min(u.number) AS number
                FROM unnest(product_slugs, changes) WITH ORDINALITY u(slug, change, number)
                GROUP BY u.slug HAVING sum(u.change) <> 0) l
            JOIN products p ON p.slug = l.slug
            CROSS JOIN LATERAL (SELECT * FROM stock_movements s WHERE s.product_id = p.id ORDER BY s.id DESC LIMIT 1) m
            ORDER BY l.number;
    END IF;
    PERFORM explain_movements('', '');
END $$;

CREATE FUNCTION record_answer(key_digest bytea, request_fingerprint bytea, answer_status smallint, answer_headers text[],
    answer_body bytea, retention double precision)
RETURNS TABLE (is_recorded boolean, announcement text)
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO idempotency_keys AS known (digest, fingerprint, status, headers, body)
    VALUES (key_digest, request_fingerprint, answer_status, answer_headers, answer_body)
    ON CONFLICT (digest) DO UPDATE SET
        fingerprint = EXCLUDED.fingerprint,
        status = EXCLUDED.status,
        headers = EXCLUDED.headers,
        body = EXCLUDED.body,
        created_at = EXCLUDED.created_at
    WHERE known.created_at <= now() - make_interval(secs => retention);
    is_recorded := FOUND;
    IF is_recorded THEN
        announcement := announce_changes();
    END IF;
    RETURN NEXT;
END $$;
COMMENT ON FUNCTION record_answer(bytea, bytea, smallint, text[], bytea, double precision) IS
    'Records the answer to a request unless its key has one that is younger than retention, in seconds. Then announces the changes of the transaction.';

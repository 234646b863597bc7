-- A queue whose first delivery follows another one would wait for ever.
UPDATE webhook_deliveries d SET due_at = now() WHERE d.follows IS NOT NULL AND d.state = 'pending' AND d.due_at IS NULL
AND NOT EXISTS (SELECT FROM webhook_deliveries e WHERE e.webhook_id = d.webhook_id AND e.ordering_key = d.ordering_key
    AND e.state = 'pending' AND (e.event < d.event OR e.due_at IS NOT NULL));
DROP FUNCTION add_events(bigint, text, text, double precision, text[], bigint[], text[], text[], text[], bytea[], timestamptz[]);
CREATE FUNCTION add_events(expected bigint, following text, server text, seconds double precision, ids text[],
    entries bigint[], event_types text[], keys text[], subjects text[], bodies bytea[], times timestamptz[]) RETURNS boolean
LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_hashjoin = off
    SET enable_mergejoin = off SET jit = off AS $$
BEGIN
    UPDATE webhook_position p SET position = following, revision = p.revision + 1, follower = server,
        followed_until = now() + make_interval(secs => seconds)
    WHERE p.revision = expected;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    WITH new AS (
        SELECT * FROM unnest(ids, entries, event_types, keys, subjects, bodies, times) WITH ORDINALITY
            n(id, entry, type, key, subject, body, changed_at, place)
    ), wanted AS MATERIALIZED (
        SELECT w.id AS webhook_id, n.id, n.key FROM new n
        JOIN webhooks w ON w.is_active AND w.types && ARRAY['*', split_part(n.type, '.', 1) || '.*', n.type]
        LEFT JOIN changes c ON c.id = n.entry
        WHERE c.id IS NULL OR NOT pg_visible_in_snapshot(c.transaction_id, w.active_since)
    ), events AS (
        INSERT INTO webhook_events (id, type, subject, body, changed_at)
        SELECT n.id, n.type, n.subject, n.body, n.changed_at FROM new n
        WHERE n.id IN (SELECT w.id FROM wanted w) ORDER BY n.place
        ON CONFLICT (id) DO NOTHING
        RETURNING number, id
    ), queued AS (
        SELECT k.webhook_id, k.key FROM (SELECT DISTINCT w.webhook_id, w.key FROM wanted w) k
        CROSS JOIN LATERAL (
            SELECT FROM webhook_deliveries d
            WHERE d.webhook_id = k.webhook_id AND d.ordering_key = k.key AND d.state = 'pending'
            ORDER BY d.event DESC LIMIT 1 FOR SHARE
        ) last
    )
    INSERT INTO webhook_deliveries (webhook_id, event, ordering_key, due_at)
    SELECT w.webhook_id, e.number, w.key,
        CASE WHEN q.key IS NULL AND row_number() OVER (PARTITION BY w.webhook_id, w.key ORDER BY e.number) = 1 THEN now() END
    FROM wanted w JOIN events e ON e.id = w.id LEFT JOIN queued q ON q.webhook_id = w.webhook_id AND q.key = w.key
    ORDER BY e.number, w.webhook_id;
    RETURN true;
END $$;
COMMENT ON FUNCTION add_events(bigint, text, text, double precision, text[], bigint[], text[], text[], text[], bytea[],
    timestamptz[]) IS
    'Adds events for the webhooks that want them and that were active before their changes, unless another server was faster.';

CREATE OR REPLACE FUNCTION pass_turn(webhook uuid, key text) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off AS $$
DECLARE
    earliest bigint;
BEGIN
    LOOP
        SELECT d.event INTO earliest FROM webhook_deliveries d
        WHERE d.webhook_id = webhook AND d.ordering_key = key AND d.state = 'pending' ORDER BY d.event LIMIT 1;
        EXIT WHEN NOT FOUND;
        UPDATE webhook_deliveries d SET due_at = now()
        WHERE d.webhook_id = webhook AND d.event = earliest AND d.state = 'pending';
        -- Else it was dropped at this moment.
        EXIT WHEN FOUND;
    END LOOP;
END $$;
COMMENT ON FUNCTION pass_turn(uuid, text) IS 'Gives the turn to the earliest pending delivery of a queue in which none has it.';

CREATE OR REPLACE FUNCTION record_attempt(webhook text, which bigint, held text, outcome text, delay double precision, answer integer,
    took bigint, failure text) RETURNS boolean
LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off AS $$
DECLARE
    key text;
BEGIN
    UPDATE webhook_deliveries d SET state = outcome, lease = NULL, status = answer, milliseconds = took, error = failure,
        due_at = CASE WHEN outcome = 'pending' THEN now() + make_interval(secs => delay) END,
        finished_at = CASE WHEN outcome <> 'pending' THEN now() END
    WHERE d.webhook_id = webhook::uuid AND d.event = which AND d.lease = held::uuid
    RETURNING d.ordering_key INTO key;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    IF outcome = 'pending' THEN
        -- An earlier delivery that was retried by hand goes first.
        UPDATE webhook_deliveries d SET due_at = NULL
        WHERE d.webhook_id = webhook::uuid AND d.event = which AND EXISTS (
            SELECT FROM webhook_deliveries e
            WHERE e.webhook_id = webhook::uuid AND e.ordering_key = key AND e.state = 'pending' AND e.event < which);
        IF NOT FOUND THEN
            RETURN true;
        END IF;
    ELSIF outcome = 'delivered' THEN
        UPDATE webhooks w SET last_success_at = now()
        WHERE w.id = webhook::uuid AND coalesce(w.last_success_at < now() - interval '1 minute', true);
    END IF;
    PERFORM pass_turn(webhook::uuid, key);
    RETURN true;
END $$;
COMMENT ON FUNCTION record_attempt(text, bigint, text, text, double precision, integer, bigint, text) IS
    'Records the result of an attempt, and passes the turn on. Returns whether its lease still held.';

CREATE OR REPLACE FUNCTION retry_delivery(webhook text, id_of_event text) RETURNS boolean
LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off AS $$
DECLARE
    delivery webhook_deliveries;
    is_queued boolean;
BEGIN
    PERFORM FROM webhook_position FOR UPDATE;
    SELECT d.* INTO delivery FROM webhook_events e
    JOIN webhook_deliveries d ON d.webhook_id = webhook::uuid AND d.event = e.number WHERE e.id = id_of_event;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM FROM webhook_deliveries d
    WHERE d.webhook_id = delivery.webhook_id AND d.ordering_key = delivery.ordering_key AND d.state = 'pending'
    ORDER BY d.event DESC LIMIT 1 FOR SHARE;
    is_queued := FOUND;
    IF delivery.state <> 'pending' THEN
        UPDATE webhook_deliveries d SET state = 'pending', due_at = CASE WHEN NOT is_queued THEN now() END,
            attempts = 0, first_attempt_at = NULL, finished_at = NULL
        WHERE d.webhook_id = delivery.webhook_id AND d.event = delivery.event;
    END IF;
    -- The one that has the turn does not wait for its time, so that this one follows soon. It may be about to end.
    PERFORM FROM webhook_deliveries d
    WHERE d.webhook_id = delivery.webhook_id AND d.ordering_key = delivery.ordering_key AND d.due_at > now() AND d.lease IS NULL
    FOR NO KEY UPDATE SKIP LOCKED;
    IF FOUND THEN
        UPDATE webhook_deliveries d SET due_at = now()
        WHERE d.webhook_id = delivery.webhook_id AND d.ordering_key = delivery.ordering_key AND d.due_at > now();
    END IF;
    RETURN true;
END $$;
COMMENT ON FUNCTION retry_delivery(text, text) IS
    'Makes a delivery pending again, or a pending one due. Returns whether there is one.';

CREATE OR REPLACE FUNCTION pass_lost_turns(webhooks uuid[], keys text[]) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off AS $$
BEGIN
    PERFORM pass_turn(q.webhook_id, q.key) FROM unnest(webhooks, keys) q(webhook_id, key)
    WHERE NOT EXISTS (SELECT FROM webhook_deliveries d
        WHERE d.webhook_id = q.webhook_id AND d.ordering_key = q.key AND d.due_at IS NOT NULL);
END $$;
COMMENT ON FUNCTION pass_lost_turns(uuid[], text[]) IS 'Passes the turn on in those of these queues in which none has it.';

ALTER TABLE webhook_deliveries DROP COLUMN follows, DROP COLUMN resource;

-- The queue of deliveries, whose rules are told at its table.
--
-- These functions plan for large tables, since sessions keep the plans that they make when the tables are small.
-- Each of their statements sees what was committed before it. Ids are texts, since clients bind them as such.

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

CREATE FUNCTION claim_deliveries(new_lease text, seconds double precision, per_webhook integer, most integer)
RETURNS TABLE (webhook_id text, event bigint, event_id text, body bytea, changed_at timestamptz,
    attempt integer, url text, secrets text[])
LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_hashjoin = off
    SET enable_mergejoin = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    claimable uuid[];
BEGIN
    -- One claimant at a time counts the open deliveries of a webhook, by a statement that begins after the lock. Webhooks
    -- with fewer open deliveries come first.
    claimable := ARRAY(
        SELECT w.id FROM webhooks w
        CROSS JOIN LATERAL (
            SELECT count(*) AS count FROM webhook_deliveries l
            WHERE l.webhook_id = w.id AND l.lease IS NOT NULL AND l.due_at > now()
        ) open
        CROSS JOIN LATERAL (
            SELECT d.due_at FROM webhook_deliveries d
            WHERE d.webhook_id = w.id AND d.due_at IS NOT NULL ORDER BY d.due_at, d.event LIMIT 1
        ) first
        WHERE w.is_active AND open.count < per_webhook AND first.due_at <= now()
        ORDER BY open.count, first.due_at LIMIT most
        FOR NO KEY UPDATE OF w SKIP LOCKED);
    IF claimable = '{}' THEN
        RETURN;
    END IF;
    RETURN QUERY
        WITH due AS (
            SELECT d.webhook_id, d.event, d.due_at,
                open.count + row_number() OVER (PARTITION BY d.webhook_id ORDER BY d.due_at, d.event) AS rank
            FROM unnest(claimable) w(id)
            CROSS JOIN LATERAL (
                SELECT count(*) AS count FROM webhook_deliveries l
                WHERE l.webhook_id = w.id AND l.lease IS NOT NULL AND l.due_at > now()
            ) open
            CROSS JOIN LATERAL (
                SELECT d.webhook_id, d.event, d.due_at FROM webhook_deliveries d
                WHERE d.webhook_id = w.id AND d.due_at <= now()
                ORDER BY d.due_at, d.event LIMIT greatest(per_webhook - open.count, 0)
                FOR NO KEY UPDATE SKIP LOCKED
            ) d
        ), claimed AS (
            UPDATE webhook_deliveries d SET lease = new_lease::uuid, due_at = now() + make_interval(secs => seconds),
                attempts = d.attempts + 1, first_attempt_at = coalesce(d.first_attempt_at, now())
            FROM (SELECT * FROM due ORDER BY rank, due_at LIMIT most) p
            WHERE d.webhook_id = p.webhook_id AND d.event = p.event
            RETURNING d.webhook_id, d.event, d.attempts
        )
        SELECT c.webhook_id::text, c.event, e.id, e.body, e.changed_at, c.attempts, w.url,
            ARRAY(SELECT s.secret FROM webhook_secrets s
                WHERE s.webhook_id = w.id AND coalesce(s.expires_at > now(), true)
                ORDER BY s.created_at DESC LIMIT 5)
        FROM claimed c JOIN webhook_events e ON e.number = c.event JOIN webhooks w ON w.id = c.webhook_id;
END $$;
COMMENT ON FUNCTION claim_deliveries(text, double precision, integer, integer) IS
    'Leases deliveries that are due, fairly among webhooks, and returns what is to be sent.';

CREATE FUNCTION next_delivery(per_webhook integer) RETURNS double precision
LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET jit = off AS $$
BEGIN
    RETURN (
        SELECT extract(epoch FROM min(CASE WHEN open.count < per_webhook THEN first.due_at ELSE open.end END) - now())
        FROM webhooks w
        CROSS JOIN LATERAL (
            SELECT count(*) AS count, min(l.due_at) AS end FROM webhook_deliveries l
            WHERE l.webhook_id = w.id AND l.lease IS NOT NULL AND l.due_at > now()
        ) open
        CROSS JOIN LATERAL (
            SELECT d.due_at FROM webhook_deliveries d
            WHERE d.webhook_id = w.id AND d.due_at IS NOT NULL ORDER BY d.due_at, d.event LIMIT 1
        ) first
        WHERE w.is_active);
END $$;
COMMENT ON FUNCTION next_delivery(integer) IS
    'In how many seconds a delivery can be claimed. A webhook with enough open deliveries counts from the end of a lease.';

CREATE FUNCTION pass_turn(webhook uuid, key text) RETURNS void
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

CREATE FUNCTION record_attempt(webhook text, which bigint, held text, outcome text, delay double precision, answer integer,
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

CREATE FUNCTION retry_delivery(webhook text, id_of_event text) RETURNS boolean
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

CREATE FUNCTION pass_lost_turns(webhooks uuid[], keys text[]) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off AS $$
BEGIN
    PERFORM pass_turn(q.webhook_id, q.key) FROM unnest(webhooks, keys) q(webhook_id, key)
    WHERE NOT EXISTS (SELECT FROM webhook_deliveries d
        WHERE d.webhook_id = q.webhook_id AND d.ordering_key = q.key AND d.due_at IS NOT NULL);
END $$;
COMMENT ON FUNCTION pass_lost_turns(uuid[], text[]) IS 'Passes the turn on in those of these queues in which none has it.';

CREATE FUNCTION drop_deliveries(most integer, reason text) RETURNS bigint
LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_hashjoin = off
    SET enable_mergejoin = off SET jit = off AS $$
DECLARE
    queues uuid[];
    keys text[];
    dropped bigint;
BEGIN
    PERFORM FROM webhooks w CROSS JOIN LATERAL (
        SELECT FROM webhook_deliveries d WHERE d.webhook_id = w.id AND d.state = 'pending' LIMIT 1
    ) d
    WHERE NOT w.is_active AND w.deleted_at IS NULL;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    PERFORM FROM webhook_position FOR UPDATE;
    WITH dropped AS (
        UPDATE webhook_deliveries d SET state = 'failed', due_at = NULL, lease = NULL, finished_at = now(), error = reason
        FROM (
            SELECT p.webhook_id, p.event FROM webhooks w CROSS JOIN LATERAL (
                SELECT l.webhook_id, l.event FROM webhook_deliveries l
                WHERE l.webhook_id = w.id AND l.state = 'pending' AND (l.lease IS NULL OR l.due_at <= now())
                ORDER BY l.ordering_key DESC, l.event DESC LIMIT most FOR NO KEY UPDATE SKIP LOCKED
            ) p
            WHERE NOT w.is_active AND w.deleted_at IS NULL LIMIT most
        ) p
        WHERE d.webhook_id = p.webhook_id AND d.event = p.event
        RETURNING d.webhook_id, d.ordering_key
    )
    SELECT array_agg(q.webhook_id), array_agg(q.ordering_key), coalesce(sum(q.count), 0) INTO queues, keys, dropped
    FROM (SELECT d.webhook_id, d.ordering_key, count(*) AS count FROM dropped d GROUP BY 1, 2) q;
    PERFORM pass_lost_turns(queues, keys);
    RETURN dropped;
END $$;
COMMENT ON FUNCTION drop_deliveries(integer, text) IS
    'Ends pending deliveries of webhooks that are not active, apart from those that are being sent. Returns how many.';

CREATE FUNCTION delete_deliveries(age double precision, most integer) RETURNS bigint
LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_hashjoin = off
    SET enable_mergejoin = off SET jit = off AS $$
DECLARE
    last bigint;
    queues uuid[];
    keys text[];
    deleted bigint := 0;
    events bigint := 0;
    orphans bigint;
BEGIN
    SELECT max(e.number) INTO last FROM (
        SELECT o.number, o.created_at FROM webhook_events o ORDER BY o.number LIMIT most
    ) e
    WHERE e.created_at <= now() - make_interval(secs => age);
    IF last IS NOT NULL THEN
        PERFORM FROM webhook_position FOR UPDATE;
        WITH deleted AS (
            DELETE FROM webhook_deliveries d
            USING (
                SELECT p.webhook_id, p.event FROM webhooks w CROSS JOIN LATERAL (
                    SELECT o.webhook_id, o.event FROM webhook_deliveries o
                    WHERE o.webhook_id = w.id AND o.event <= last AND (o.lease IS NULL OR o.due_at <= now())
                    ORDER BY o.event LIMIT most FOR UPDATE SKIP LOCKED
                ) p
                LIMIT most
            ) p
            WHERE d.webhook_id = p.webhook_id AND d.event = p.event
            RETURNING d.webhook_id, d.ordering_key
        )
        SELECT array_agg(q.webhook_id), array_agg(q.ordering_key), coalesce(sum(q.count), 0) INTO queues, keys, deleted
        FROM (SELECT d.webhook_id, d.ordering_key, count(*) AS count FROM deleted d GROUP BY 1, 2) q;
        PERFORM pass_lost_turns(queues, keys);
        DELETE FROM webhook_events e WHERE e.number <= last AND NOT EXISTS (
            SELECT FROM webhook_deliveries d WHERE d.event = e.number AND d.webhook_id = ANY (ARRAY(SELECT w.id FROM webhooks w)));
        GET DIAGNOSTICS events = ROW_COUNT;
    END IF;
    DELETE FROM webhook_deliveries d
    USING (
        SELECT p.webhook_id, p.event FROM webhooks w CROSS JOIN LATERAL (
            SELECT o.webhook_id, o.event FROM webhook_deliveries o WHERE o.webhook_id = w.id LIMIT most FOR UPDATE SKIP LOCKED
        ) p
        WHERE w.deleted_at IS NOT NULL LIMIT most
    ) p
    WHERE d.webhook_id = p.webhook_id AND d.event = p.event;
    GET DIAGNOSTICS orphans = ROW_COUNT;
    IF orphans = 0 THEN
        DELETE FROM webhooks w WHERE w.deleted_at IS NOT NULL
        AND NOT EXISTS (SELECT FROM webhook_deliveries d WHERE d.webhook_id = w.id);
    END IF;
    RETURN deleted + events + orphans;
END $$;
COMMENT ON FUNCTION delete_deliveries(double precision, integer) IS
    'Deletes deliveries and events of more than this age in seconds, and what belongs to deleted webhooks. Returns how many.';

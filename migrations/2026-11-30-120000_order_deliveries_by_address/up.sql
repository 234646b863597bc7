-- The ordering key of a delivery is the address of its subject instead of its resource, since a resource may get the address of
-- another one: of a product that was deleted or that has another address now. Those that wait at this moment keep their keys.
--
-- A resource that gets another address leaves a queue for another one. Its first delivery there follows its last one in the
-- queue that it left, and so it keeps its order as well. These rules come to those of the table, so that no queue loses its
-- turn and no two transactions wait for each other:
-- * Before a delivery is made to follow another one, or does not get the turn because it follows one, that one is locked.
-- * Who adds events locks the last deliveries of all queues and resources in the order of their numbers. Who records a result
--   goes on to later deliveries as well.
ALTER TABLE webhook_deliveries ADD COLUMN resource text COLLATE "C", ADD COLUMN follows bigint;
UPDATE webhook_deliveries SET resource = ordering_key;
ALTER TABLE webhook_deliveries ALTER COLUMN resource SET NOT NULL;
COMMENT ON COLUMN webhook_deliveries.resource IS 'What the event is about, such as product 7, wherever its address leads.';
COMMENT ON COLUMN webhook_deliveries.follows IS
    'The number of an event of another queue, which ends before this one gets the turn.';
-- The webhook is second, so that this index is never preferred where only the webhook is given.
CREATE INDEX webhook_deliveries_resource_idx ON webhook_deliveries (resource, webhook_id, event) WHERE state = 'pending';
CREATE INDEX webhook_deliveries_follows_idx ON webhook_deliveries (webhook_id, follows)
    WHERE follows IS NOT NULL AND state = 'pending';

DROP FUNCTION add_events(bigint, text, text, double precision, text[], bigint[], text[], text[], text[], bytea[], timestamptz[]);
CREATE FUNCTION add_events(expected bigint, following text, server text, seconds double precision, ids text[],
    entries bigint[], event_types text[], resources text[], subjects text[], bodies bytea[], times timestamptz[]) RETURNS boolean
LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_hashjoin = off
    SET enable_mergejoin = off SET jit = off AS $$
DECLARE
    wanting uuid[];
    wanted text[];
    last_webhooks uuid[];
    last_events bigint[];
BEGIN
    UPDATE webhook_position p SET position = following, revision = p.revision + 1, follower = server,
        followed_until = now() + make_interval(secs => seconds)
    WHERE p.revision = expected;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    SELECT array_agg(w.id), array_agg(n.id) INTO wanting, wanted FROM unnest(ids, entries, event_types) n(id, entry, type)
    JOIN webhooks w ON w.is_active AND w.types && ARRAY['*', split_part(n.type, '.', 1) || '.*', n.type]
    LEFT JOIN changes c ON c.id = n.entry
    WHERE c.id IS NULL OR NOT pg_visible_in_snapshot(c.transaction_id, w.active_since);

    SELECT array_agg(l.webhook_id), array_agg(l.event) INTO last_webhooks, last_events FROM (
        SELECT DISTINCT w.webhook_id, last.event FROM unnest(wanting, wanted) w(webhook_id, id)
        JOIN unnest(ids, resources, subjects) n(id, resource, subject) ON n.id = w.id
        CROSS JOIN LATERAL (
            (SELECT q.event FROM webhook_deliveries q
                WHERE q.webhook_id = w.webhook_id AND q.ordering_key = n.subject AND q.state = 'pending'
                ORDER BY q.event DESC LIMIT 1)
            UNION ALL
            (SELECT q.event FROM webhook_deliveries q
                WHERE q.webhook_id = w.webhook_id AND q.resource = n.resource AND q.state = 'pending'
                ORDER BY q.event DESC LIMIT 1)
        ) last
    ) l;
    PERFORM FROM unnest(last_webhooks, last_events) l(webhook_id, event)
    JOIN webhook_deliveries d ON d.webhook_id = l.webhook_id AND d.event = l.event
    ORDER BY d.event, d.webhook_id FOR SHARE OF d;

    WITH new AS (
        SELECT * FROM unnest(ids, event_types, resources, subjects, bodies, times) WITH ORDINALITY
            n(id, type, resource, subject, body, changed_at, place)
    ), events AS (
        INSERT INTO webhook_events (id, type, subject, body, changed_at)
        SELECT n.id, n.type, n.subject, n.body, n.changed_at FROM new n WHERE n.id = ANY (wanted) ORDER BY n.place
        ON CONFLICT (id) DO NOTHING
        RETURNING number, id, subject
    )
    INSERT INTO webhook_deliveries (webhook_id, event, ordering_key, resource, due_at)
    SELECT w.webhook_id, e.number, e.subject, n.resource,
        CASE WHEN row_number() OVER (PARTITION BY w.webhook_id, e.subject ORDER BY e.number) = 1 AND NOT EXISTS (
            SELECT FROM webhook_deliveries q
            WHERE q.webhook_id = w.webhook_id AND q.ordering_key = e.subject AND q.state = 'pending') THEN now() END
    FROM unnest(wanting, wanted) w(webhook_id, id) JOIN events e ON e.id = w.id JOIN new n ON n.id = e.id
    ORDER BY e.number, w.webhook_id;

    UPDATE webhook_deliveries d SET follows = m.earlier, due_at = NULL
    FROM (
        SELECT n.webhook_id, n.event, earlier.event AS earlier FROM unnest(wanting, wanted) w(webhook_id, id)
        JOIN webhook_events e ON e.id = w.id AND e.created_at = now()
        JOIN webhook_deliveries n ON n.webhook_id = w.webhook_id AND n.event = e.number
        CROSS JOIN LATERAL (
            SELECT q.event, q.ordering_key FROM webhook_deliveries q
            WHERE q.webhook_id = n.webhook_id AND q.resource = n.resource AND q.state = 'pending' AND q.event < n.event
            ORDER BY q.event DESC LIMIT 1
        ) earlier
        WHERE earlier.ordering_key <> n.ordering_key
    ) m
    WHERE d.webhook_id = m.webhook_id AND d.event = m.event;
    RETURN true;
END $$;
COMMENT ON FUNCTION add_events(bigint, text, text, double precision, text[], bigint[], text[], text[], text[], bytea[],
    timestamptz[]) IS
    'Adds events for the webhooks that want them and that were active before their changes, unless another server was faster.';

CREATE OR REPLACE FUNCTION pass_turn(webhook uuid, key text) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off AS $$
DECLARE
    earliest record;
BEGIN
    LOOP
        SELECT d.event, d.follows, d.due_at INTO earliest FROM webhook_deliveries d
        WHERE d.webhook_id = webhook AND d.ordering_key = key AND d.state = 'pending' ORDER BY d.event LIMIT 1;
        EXIT WHEN NOT FOUND OR earliest.due_at IS NOT NULL;
        EXIT WHEN EXISTS (SELECT FROM webhook_deliveries d
            WHERE d.webhook_id = webhook AND d.ordering_key = key AND d.due_at IS NOT NULL);
        PERFORM FROM webhook_deliveries d
        WHERE d.webhook_id = webhook AND d.event = earliest.follows AND d.state = 'pending' FOR SHARE;
        EXIT WHEN FOUND;
        UPDATE webhook_deliveries d SET due_at = now()
        WHERE d.webhook_id = webhook AND d.event = earliest.event AND d.state = 'pending' AND d.due_at IS NULL;
        -- Else it was dropped at this moment.
        EXIT WHEN FOUND;
    END LOOP;
END $$;
COMMENT ON FUNCTION pass_turn(uuid, text) IS
    'Gives the turn to the earliest pending delivery of a queue in which none has it, unless that one follows a pending one.';

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
    END IF;
    PERFORM pass_turn(webhook::uuid, key);
    IF outcome = 'pending' THEN
        RETURN true;
    END IF;
    PERFORM pass_turn(webhook::uuid, q.key) FROM (
        SELECT DISTINCT d.ordering_key AS key FROM webhook_deliveries d
        WHERE d.webhook_id = webhook::uuid AND d.follows = which AND d.state = 'pending'
    ) q;
    -- Last, since this row is the same for all deliveries of the webhook.
    IF outcome = 'delivered' THEN
        UPDATE webhooks w SET last_success_at = now()
        WHERE w.id = webhook::uuid AND coalesce(w.last_success_at < now() - interval '1 minute', true);
    END IF;
    RETURN true;
END $$;
CREATE OR REPLACE FUNCTION retry_delivery(webhook text, id_of_event text) RETURNS boolean
LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off AS $$
DECLARE
    delivery webhook_deliveries;
    queue text;
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
    IF delivery.state <> 'pending' THEN
        UPDATE webhook_deliveries d SET state = 'pending', attempts = 0, first_attempt_at = NULL, finished_at = NULL
        WHERE d.webhook_id = delivery.webhook_id AND d.event = delivery.event;
        PERFORM pass_turn(delivery.webhook_id, delivery.ordering_key);
    END IF;
    -- Those that have the turn do not wait for their time, so that this one follows soon: in its queue, in the one that its
    -- queue follows, and so on.
    queue := delivery.ordering_key;
    FOR step IN 1..8 LOOP
        -- It may be about to end.
        PERFORM FROM webhook_deliveries d
        WHERE d.webhook_id = delivery.webhook_id AND d.ordering_key = queue AND d.due_at > now() AND d.lease IS NULL
        FOR NO KEY UPDATE SKIP LOCKED;
        IF FOUND THEN
            UPDATE webhook_deliveries d SET due_at = now()
            WHERE d.webhook_id = delivery.webhook_id AND d.ordering_key = queue AND d.due_at > now() AND d.lease IS NULL;
        END IF;
        SELECT e.ordering_key INTO queue FROM (
            SELECT d.* FROM webhook_deliveries d
            WHERE d.webhook_id = delivery.webhook_id AND d.ordering_key = queue AND d.state = 'pending'
            ORDER BY d.event LIMIT 1
        ) first
        JOIN webhook_deliveries e ON e.webhook_id = first.webhook_id AND e.event = first.follows AND e.state = 'pending'
        WHERE first.due_at IS NULL;
        EXIT WHEN NOT FOUND;
    END LOOP;
    RETURN true;
END $$;

CREATE OR REPLACE FUNCTION pass_lost_turns(webhooks uuid[], keys text[]) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_hashjoin = off
    SET enable_mergejoin = off SET jit = off AS $$
BEGIN
    PERFORM pass_turn(q.webhook_id, q.key) FROM unnest(webhooks, keys) q(webhook_id, key);
    PERFORM pass_turn(q.webhook_id, q.ordering_key) FROM (
        SELECT DISTINCT d.webhook_id, d.ordering_key FROM webhook_deliveries d
        WHERE d.follows IS NOT NULL AND d.state = 'pending' AND d.due_at IS NULL AND NOT EXISTS (
            SELECT FROM webhook_deliveries e WHERE e.webhook_id = d.webhook_id AND e.event = d.follows AND e.state = 'pending')
    ) q;
END $$;
COMMENT ON FUNCTION pass_lost_turns(uuid[], text[]) IS
    'Passes the turn on in those of these queues in which none has it, and where deliveries follow others that have ended.';

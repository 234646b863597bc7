-- Webhooks: addresses of other systems that receive the events of the log of changes. A write of the shop does nothing for
-- them; servers follow the log afterwards.
CREATE TABLE webhooks (
    id uuid PRIMARY KEY,
    url text NOT NULL CHECK (length(url) BETWEEN 1 AND 2048),
    types text[] NOT NULL CHECK (cardinality(types) > 0),
    is_active boolean NOT NULL DEFAULT true,
    disabled_reason text,
    secret_created_at timestamptz NOT NULL DEFAULT now(),
    active_since pg_snapshot NOT NULL DEFAULT pg_current_snapshot(),
    activated_at timestamptz NOT NULL DEFAULT now(),
    last_success_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    CONSTRAINT webhooks_active_check CHECK (NOT is_active OR disabled_reason IS NULL AND deleted_at IS NULL)
);
COMMENT ON TABLE webhooks IS 'Addresses of other systems that receive events.';
COMMENT ON COLUMN webhooks.types IS 'The patterns of the types of events that it receives, such as product.*.';
COMMENT ON COLUMN webhooks.disabled_reason IS 'Why the server has switched it off, for people; NULL if a person has.';
COMMENT ON COLUMN webhooks.active_since IS
    'What was committed when it became active. It receives the events of all other transactions.';
COMMENT ON COLUMN webhooks.activated_at IS 'When it became active.';
COMMENT ON COLUMN webhooks.last_success_at IS 'When it received an event last, accurate to a minute.';
COMMENT ON COLUMN webhooks.deleted_at IS 'When it was deleted. The row stays until its deliveries are deleted, in small steps.';

CREATE TABLE webhook_secrets (
    webhook_id uuid NOT NULL REFERENCES webhooks ON DELETE CASCADE,
    secret text COLLATE "C" NOT NULL CHECK (secret LIKE 'whsec\_%'),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at timestamptz,
    PRIMARY KEY (webhook_id, secret)
);
CREATE UNIQUE INDEX webhook_secrets_current_idx ON webhook_secrets (webhook_id) WHERE expires_at IS NULL;
COMMENT ON TABLE webhook_secrets IS 'The secrets that sign the requests of webhooks.';
COMMENT ON COLUMN webhook_secrets.expires_at IS 'Until when a former secret signs along; NULL for the current one.';

CREATE TABLE webhook_events (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text COLLATE "C" NOT NULL,
    type text COLLATE "C" NOT NULL,
    subject text NOT NULL,
    body bytea NOT NULL,
    changed_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX webhook_events_id_idx ON webhook_events (id);
COMMENT ON TABLE webhook_events IS 'The events of the last 30 days that a webhook receives.';
COMMENT ON COLUMN webhook_events.number IS 'The position of the event in the order of delivery.';
COMMENT ON COLUMN webhook_events.id IS 'The id of the event in the API.';
COMMENT ON COLUMN webhook_events.body IS 'The JSON of the event. Every attempt for every webhook sends these bytes.';
COMMENT ON COLUMN webhook_events.changed_at IS 'The time of the change.';

CREATE DOMAIN delivery_state AS text COLLATE "C" CHECK (VALUE IN ('pending', 'delivered', 'failed'));

-- The pending deliveries of a webhook that have the same ordering key are a queue. Exactly one of them has the turn, usually
-- the earliest: its due_at is set, and that of the others is NULL. Only the delivery that has the turn is ever sent.
--
-- So claims look at the deliveries of webhook_deliveries_due_idx only, in the order of their time, whatever waits behind
-- them. The turn is passed on, in the same transaction, when the delivery ends. These rules keep a queue from losing its
-- turn, since a transaction does not see rows that another one is adding:
-- * Events are added, retried and dropped under the lock of the row of webhook_position.
-- * Before a delivery joins a queue, the last pending one of it is locked, so that it can't end unseen meanwhile.
-- * When a delivery ends, it is locked first. Then a new statement looks for the next one.
CREATE TABLE webhook_deliveries (
    webhook_id uuid NOT NULL REFERENCES webhooks,
    event bigint NOT NULL,
    ordering_key text COLLATE "C" NOT NULL,
    state delivery_state NOT NULL DEFAULT 'pending',
    due_at timestamptz,
    lease uuid,
    attempts integer NOT NULL DEFAULT 0,
    first_attempt_at timestamptz,
    status integer,
    milliseconds bigint,
    error text,
    finished_at timestamptz,
    PRIMARY KEY (webhook_id, event),
    CONSTRAINT webhook_deliveries_due_at_check CHECK (CASE WHEN due_at IS NULL THEN lease IS NULL ELSE state = 'pending' END),
    CONSTRAINT webhook_deliveries_finished_at_check CHECK ((finished_at IS NULL) = (state = 'pending'))
);
-- Each delivery leaves two dead rows, which later claims may read. They are removed early.
ALTER TABLE webhook_deliveries SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 5000);
CREATE INDEX webhook_deliveries_due_idx ON webhook_deliveries (webhook_id, due_at, event) WHERE due_at IS NOT NULL;
CREATE UNIQUE INDEX webhook_deliveries_turn_idx ON webhook_deliveries (webhook_id, ordering_key) WHERE due_at IS NOT NULL;
CREATE INDEX webhook_deliveries_lease_idx ON webhook_deliveries (webhook_id, due_at) WHERE lease IS NOT NULL;
CREATE INDEX webhook_deliveries_queue_idx ON webhook_deliveries (webhook_id, ordering_key, event) WHERE state = 'pending';
COMMENT ON TABLE webhook_deliveries IS 'The deliveries of events to webhooks, for 30 days.';
COMMENT ON COLUMN webhook_deliveries.event IS 'The number of the event.';
COMMENT ON COLUMN webhook_deliveries.ordering_key IS 'Deliveries of a webhook with the same key are made one after the other.';
COMMENT ON COLUMN webhook_deliveries.due_at IS
    'When it may be sent, for a leased one the end of its lease. NULL if it waits for an earlier one or has ended.';
COMMENT ON COLUMN webhook_deliveries.lease IS 'The last claim, until its result is recorded.';
COMMENT ON COLUMN webhook_deliveries.attempts IS 'The number of claims.';
COMMENT ON COLUMN webhook_deliveries.status IS 'The HTTP status of the last attempt; NULL if there was no answer.';
COMMENT ON COLUMN webhook_deliveries.error IS 'What went wrong at the last attempt, for people.';

CREATE TABLE webhook_position (
    id integer PRIMARY KEY DEFAULT 1 CHECK (id = 1),
    position text COLLATE "C" NOT NULL DEFAULT '',
    revision bigint NOT NULL DEFAULT 0,
    follower text COLLATE "C",
    followed_until timestamptz
);
INSERT INTO webhook_position DEFAULT VALUES;
COMMENT ON TABLE webhook_position IS 'How far the log of changes was turned into deliveries, in one row.';
COMMENT ON COLUMN webhook_position.position IS 'The position in the log; empty before the first webhook.';
COMMENT ON COLUMN webhook_position.revision IS 'Raised by each step, so that no step is made twice.';
COMMENT ON COLUMN webhook_position.follower IS 'The server that made the last step.';
COMMENT ON COLUMN webhook_position.followed_until IS 'Until then, other servers leave the next step to it.';

-- The log of changes.

CREATE FUNCTION logged_columns(webhooks) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN $1.deleted_at IS NULL THEN jsonb_build_object('url', $1.url, 'types', $1.types, 'is_active', $1.is_active,
        'disabled_reason', $1.disabled_reason, 'secret_created_at', utc_text($1.secret_created_at)) END
$$;
COMMENT ON FUNCTION logged_columns(webhooks) IS 'What the log of changes tells of a webhook; NULL of a deleted one.';

CREATE FUNCTION log_webhook() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    before jsonb := CASE WHEN TG_OP <> 'INSERT' THEN logged_columns(OLD) END;
    after jsonb := CASE WHEN TG_OP <> 'DELETE' THEN logged_columns(NEW) END;
BEGIN
    IF before IS DISTINCT FROM after THEN
        PERFORM add_change('webhook', coalesce(NEW.id, OLD.id)::text, NULL,
            CASE WHEN before IS NULL THEN 'created' WHEN after IS NULL THEN 'deleted' ELSE 'updated' END,
            change_diff(before, after), '{}');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER log_webhook
    AFTER INSERT OR UPDATE OR DELETE ON webhooks
    FOR EACH ROW EXECUTE FUNCTION log_webhook();
CREATE TRIGGER log_emptied_table AFTER TRUNCATE ON webhooks
    FOR EACH STATEMENT EXECUTE FUNCTION log_emptied_table('webhook');

-- In a copy of another database, changes get ids that were never given before, also not after the copy was made: receivers
-- of webhooks take an event whose id they know for a repetition.
CREATE OR REPLACE FUNCTION adopt_change_log() RETURNS text LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    current_identity text := change_log_identity();
    ids text := pg_get_serial_sequence('changes', 'id');
BEGIN
    IF EXISTS (SELECT FROM change_log WHERE identity <> current_identity) THEN
        DELETE FROM change_log WHERE identity <> current_identity;
        -- Whoever waited here for another one finds nothing left to do.
        IF FOUND THEN
            UPDATE changes SET transaction_id = '0'
            WHERE transaction_id > '0' AND transaction_id >= pg_snapshot_xmax(pg_current_snapshot());
            PERFORM setval(ids, nextval(ids) + 1000000000);
        END IF;
    END IF;
    INSERT INTO change_log (identity) VALUES (current_identity) ON CONFLICT DO NOTHING;
    RETURN current_identity;
END $$;

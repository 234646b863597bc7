-- The answers to writes with an idempotency key, each written in the transaction of the write itself.
CREATE TABLE idempotency_keys (
    digest bytea PRIMARY KEY CHECK (octet_length(digest) = 32),
    fingerprint bytea NOT NULL CHECK (octet_length(fingerprint) = 32),
    status smallint NOT NULL,
    headers text[] NOT NULL,
    body bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
-- Encrypted bytes can't be compressed.
ALTER TABLE idempotency_keys ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE INDEX idempotency_keys_created_at_idx ON idempotency_keys (created_at);
COMMENT ON TABLE idempotency_keys IS 'The answers to writes with an idempotency key, for 24 hours.';
COMMENT ON COLUMN idempotency_keys.digest IS 'SHA-256 of the caller and its key.';
COMMENT ON COLUMN idempotency_keys.fingerprint IS 'SHA-256 of the method, address and body of the request.';
COMMENT ON COLUMN idempotency_keys.headers IS 'Names and values of header fields, alternating.';
COMMENT ON COLUMN idempotency_keys.body IS 'The encrypted body of the answer.';

-- The lock ends with the transaction, also if the server is killed.
CREATE FUNCTION claim_idempotency_key(first integer, second integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT pg_try_advisory_xact_lock(first, second) THEN
        RAISE EXCEPTION 'idempotency key in flight' USING ERRCODE = 'lock_not_available';
    END IF;
END $$;
COMMENT ON FUNCTION claim_idempotency_key(integer, integer) IS
    'Fails if another transaction is processing a request with the key of this digest, of which these are the first bytes.';

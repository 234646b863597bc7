DROP FUNCTION claim_idempotency_key(bigint);
DROP TABLE idempotency_keys;

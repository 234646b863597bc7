DROP FUNCTION claim_idempotency_key(integer, integer);
DROP TABLE idempotency_keys;

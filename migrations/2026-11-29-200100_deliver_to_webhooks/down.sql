DROP FUNCTION delete_deliveries(double precision, integer);
DROP FUNCTION drop_deliveries(integer, text);
DROP FUNCTION pass_lost_turns(uuid[], text[]);
DROP FUNCTION retry_delivery(text, text);
DROP FUNCTION record_attempt(text, bigint, text, text, double precision, integer, bigint, text);
DROP FUNCTION pass_turn(uuid, text);
DROP FUNCTION next_delivery(integer);
DROP FUNCTION claim_deliveries(text, double precision, integer, integer);
DROP FUNCTION add_events(bigint, text, text, double precision, text[], bigint[], text[], text[], text[], bytea[], timestamptz[]);

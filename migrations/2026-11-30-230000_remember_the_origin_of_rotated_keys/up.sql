-- A request that is repeated with the rotated key must find the answer to the first one.
ALTER TABLE api_keys ADD COLUMN original_id varchar(12) COLLATE "C" CHECK (original_id ~ '^[0-9A-Za-z]{12}$');
COMMENT ON COLUMN api_keys.original_id IS 'The id of the first key of its rotations; NULL for that key itself.';

ALTER TABLE api_keys DROP COLUMN original_id;

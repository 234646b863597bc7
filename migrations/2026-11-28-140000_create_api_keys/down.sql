DROP TABLE api_keys CASCADE;
DROP FUNCTION log_key();
DROP FUNCTION IF EXISTS logged_columns(api_keys);

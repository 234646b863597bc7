-- Session settings for a server with a pooler. Without a pooler, the server sets them on its connections; a pooler may
-- give each transaction a different connection, so they are set on the role. Run it once, as an administrator:
-- psql -d eggypro -f role.sql
-- Migrations may take longer, so MIGRATION_URL lifts the limits on its direct connection with
-- options=-c%20statement_timeout%3D0%20-c%20lock_timeout%3D0.
ALTER ROLE eggypro SET statement_timeout = '3s';
ALTER ROLE eggypro SET lock_timeout = '1s';
ALTER ROLE eggypro SET idle_in_transaction_session_timeout = '10s';
ALTER ROLE eggypro SET random_page_cost = 1.1;
ALTER ROLE eggypro SET max_parallel_workers_per_gather = 0;
ALTER ROLE eggypro SET jit = off;

-- What a server without a pooler sets on its own connections, set on its role: a pooler gives each transaction another
-- connection. Run it once, as an administrator: psql -d eggypro -f role.sql
-- Migrations may take longer, so MIGRATION_URL ends these limits with
-- options=-c%20statement_timeout%3D0%20-c%20lock_timeout%3D0, which a direct connection takes.
ALTER ROLE eggypro SET statement_timeout = '3s';
ALTER ROLE eggypro SET lock_timeout = '1s';
ALTER ROLE eggypro SET idle_in_transaction_session_timeout = '10s';
ALTER ROLE eggypro SET random_page_cost = 1.1;
ALTER ROLE eggypro SET max_parallel_workers_per_gather = 0;
ALTER ROLE eggypro SET jit = off;

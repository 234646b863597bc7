-- A dump names the method, and a PostgreSQL that was built without lz4 refuses the whole table then. Sessions ask for lz4
-- themselves where it is there.
ALTER TABLE api_metrics_packed
    ALTER response_times SET COMPRESSION default,
    ALTER ip_addresses SET COMPRESSION default;

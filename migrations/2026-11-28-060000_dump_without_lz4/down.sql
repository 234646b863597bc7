DO $$
BEGIN
    IF (SELECT 'lz4' = ANY(enumvals) FROM pg_settings WHERE name = 'default_toast_compression') THEN
        ALTER TABLE api_metrics_packed
            ALTER response_times SET COMPRESSION lz4,
            ALTER ip_addresses SET COMPRESSION lz4;
    END IF;
END
$$;

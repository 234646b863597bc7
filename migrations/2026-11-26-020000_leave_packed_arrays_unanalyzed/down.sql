ALTER TABLE api_metrics_packed
    ALTER created_at SET STATISTICS -1,
    ALTER response_times SET STATISTICS -1,
    ALTER ip_addresses SET STATISTICS -1;

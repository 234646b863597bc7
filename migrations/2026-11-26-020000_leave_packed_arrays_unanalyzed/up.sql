-- Autovacuum would count the elements of a sample of these arrays, some hundred million of them where many requests come,
-- again and again and for many seconds; no statement looks for one.
ALTER TABLE api_metrics_packed
    ALTER created_at SET STATISTICS 0,
    ALTER response_times SET STATISTICS 0,
    ALTER ip_addresses SET STATISTICS 0;

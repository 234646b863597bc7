DROP TABLE api_metrics_batches;
DROP TABLE api_metrics_hourly;
DROP INDEX api_metrics_endpoint_idx;
CREATE INDEX api_metrics_endpoint_idx ON api_metrics (endpoint, method, created_at);
ALTER SEQUENCE api_metrics_id_seq CACHE 1;
ALTER TABLE api_metrics ADD PRIMARY KEY (id);

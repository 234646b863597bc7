CREATE TABLE api_metrics_rows (
    id bigserial NOT NULL,
    endpoint varchar(255) NOT NULL,
    method varchar(10) NOT NULL,
    status_code integer NOT NULL,
    response_time integer NOT NULL CHECK (response_time >= 0),
    user_agent text,
    ip_address varchar(45),
    created_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO api_metrics_rows (endpoint, method, status_code, response_time, user_agent, ip_address, created_at)
SELECT endpoint, method, status_code, response_time, user_agent, ip_address, created_at FROM api_metrics;
DROP VIEW api_metrics;
DROP FUNCTION api_metrics_pack;
DROP TABLE api_metrics_packed;
ALTER TABLE api_metrics_rows RENAME TO api_metrics;
ALTER TABLE api_metrics RENAME CONSTRAINT api_metrics_rows_response_time_check TO api_metrics_response_time_check;
ALTER SEQUENCE api_metrics_rows_id_seq RENAME TO api_metrics_id_seq;
ALTER SEQUENCE api_metrics_id_seq CACHE 1000;
CREATE INDEX api_metrics_endpoint_idx ON api_metrics (endpoint, method, created_at) WHERE status_code >= 500;
CREATE INDEX api_metrics_timestamp_idx ON api_metrics (created_at);
COMMENT ON TABLE api_metrics IS 'One row a request.';
COMMENT ON COLUMN api_metrics.endpoint IS 'The pattern of the route, never the path that was asked for.';
COMMENT ON COLUMN api_metrics.response_time IS 'Milliseconds.';

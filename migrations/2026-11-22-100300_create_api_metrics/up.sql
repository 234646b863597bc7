CREATE TABLE api_metrics (
    id bigserial PRIMARY KEY,
    endpoint varchar(255) NOT NULL,
    method varchar(10) NOT NULL,
    status_code integer NOT NULL,
    response_time integer NOT NULL CHECK (response_time >= 0),
    user_agent text,
    ip_address varchar(45),
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX api_metrics_endpoint_idx ON api_metrics (endpoint, method, created_at);
CREATE INDEX api_metrics_timestamp_idx ON api_metrics (created_at);
COMMENT ON TABLE api_metrics IS 'One row a request.';
COMMENT ON COLUMN api_metrics.endpoint IS 'The pattern of the route, never the path that was asked for.';
COMMENT ON COLUMN api_metrics.response_time IS 'Milliseconds.';

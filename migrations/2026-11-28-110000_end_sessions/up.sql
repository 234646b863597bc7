CREATE TABLE ended_sessions (
    id uuid PRIMARY KEY,
    forgotten_at timestamptz NOT NULL
);
COMMENT ON TABLE ended_sessions IS 'Sessions that were ended before their time.';
COMMENT ON COLUMN ended_sessions.forgotten_at IS 'When no token of it would hold any more.';

CREATE TABLE api_keys (
    id varchar(12) COLLATE "C" PRIMARY KEY CHECK (id ~ '^[0-9A-Za-z]{12}$'),
    name varchar(100) NOT NULL CHECK (name <> ''),
    digest bytea NOT NULL CHECK (length(digest) = 32),
    permissions text[] NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by text,
    expires_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz
);
COMMENT ON TABLE api_keys IS 'Who may call for a person or a program.';
COMMENT ON COLUMN api_keys.digest IS 'SHA-256 of the whole key, which is not kept.';
COMMENT ON COLUMN api_keys.created_by IS 'The id of the actor who made it.';
COMMENT ON COLUMN api_keys.last_used_at IS 'Exact to a minute.';

-- Of its use nothing is told, of its digest never.
CREATE FUNCTION logged_columns(api_keys) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_object('name', $1.name, 'permissions', $1.permissions, 'expires_at', $1.expires_at,
        'revoked_at', $1.revoked_at)
$$;
COMMENT ON FUNCTION logged_columns(api_keys) IS 'What the log of changes tells of a key.';

CREATE FUNCTION log_key() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    before jsonb := CASE WHEN TG_OP <> 'INSERT' THEN logged_columns(OLD) END;
    after jsonb := CASE WHEN TG_OP <> 'DELETE' THEN logged_columns(NEW) END;
    which text := CASE WHEN TG_OP = 'DELETE' THEN OLD.id ELSE NEW.id END;
BEGIN
    IF before IS DISTINCT FROM after OR TG_OP = 'UPDATE' AND OLD.digest <> NEW.digest THEN
        PERFORM add_change('key', which, NULL,
            CASE TG_OP WHEN 'INSERT' THEN 'created' WHEN 'DELETE' THEN 'deleted' ELSE 'updated' END,
            change_diff(before, after), ARRAY['key:' || which]);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER log_key
    AFTER INSERT OR UPDATE OR DELETE ON api_keys
    FOR EACH ROW EXECUTE FUNCTION log_key();
CREATE TRIGGER log_emptied_table AFTER TRUNCATE ON api_keys
    FOR EACH STATEMENT EXECUTE FUNCTION log_emptied_table('key');

-- The path and the query of a webhook's URL often hold a secret of its receiver, and more people may read the log of changes
-- than webhooks.
CREATE FUNCTION origin_of_url(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN o.origin || '/' IN ($1, $1 || '/') THEN $1 ELSE o.origin || '/… (' || left(md5($1), 8) || ')' END
    FROM (SELECT substring($1 FROM '^[a-z]+://[^/?#]*') AS origin) o
$$;
COMMENT ON FUNCTION origin_of_url(text) IS
    'A URL without its path and query, and a part of its digest, which shows whether they have changed.';

CREATE OR REPLACE FUNCTION logged_columns(webhooks) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN $1.deleted_at IS NULL THEN jsonb_build_object('url', origin_of_url($1.url), 'types', $1.types,
        'is_active', $1.is_active, 'disabled_reason', $1.disabled_reason,
        'secret_created_at', utc_text($1.secret_created_at)) END
$$;

-- Also in what was logged before.
UPDATE changes c SET diff = jsonb_set(c.diff, '{url}', (
    SELECT jsonb_agg(CASE jsonb_typeof(v.url) WHEN 'string' THEN to_jsonb(origin_of_url(v.url #>> '{}')) ELSE v.url END ORDER BY v.place)
    FROM jsonb_array_elements(c.diff -> 'url') WITH ORDINALITY v(url, place)))
WHERE c.resource = 'webhook' AND jsonb_typeof(c.diff -> 'url') = 'array';

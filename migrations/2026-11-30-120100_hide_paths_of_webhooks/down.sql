CREATE OR REPLACE FUNCTION logged_columns(webhooks) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN $1.deleted_at IS NULL THEN jsonb_build_object('url', $1.url, 'types', $1.types, 'is_active', $1.is_active,
        'disabled_reason', $1.disabled_reason, 'secret_created_at', utc_text($1.secret_created_at)) END
$$;
DROP FUNCTION origin_of_url(text);

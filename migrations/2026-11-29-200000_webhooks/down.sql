DROP TABLE webhook_position;
DROP TABLE webhook_deliveries;
DROP DOMAIN delivery_state;
DROP TABLE webhook_events;
DROP TABLE webhook_secrets;
DROP TABLE webhooks CASCADE;
DROP FUNCTION log_webhook();
DROP FUNCTION IF EXISTS logged_columns(webhooks);
DELETE FROM changes WHERE resource = 'webhook';
CREATE OR REPLACE FUNCTION adopt_change_log() RETURNS text LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    current_identity text := change_log_identity();
BEGIN
    IF EXISTS (SELECT FROM change_log WHERE identity <> current_identity) THEN
        DELETE FROM change_log WHERE identity <> current_identity;
        -- Whoever waited here for another one finds nothing left to do.
        IF FOUND THEN
            UPDATE changes SET transaction_id = '0'
            WHERE transaction_id > '0' AND transaction_id >= pg_snapshot_xmax(pg_current_snapshot());
        END IF;
    END IF;
    INSERT INTO change_log (identity) VALUES (current_identity) ON CONFLICT DO NOTHING;
    RETURN current_identity;
END $$;

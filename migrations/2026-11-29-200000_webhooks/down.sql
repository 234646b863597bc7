DROP TABLE webhook_position;
DROP TABLE webhook_deliveries;
DROP DOMAIN delivery_state;
DROP TABLE webhook_events;
DROP TABLE webhook_secrets;
DROP TABLE webhooks CASCADE;
DROP FUNCTION log_webhook();
DROP FUNCTION IF EXISTS logged_columns(webhooks);
DELETE FROM changes WHERE resource = 'webhook';

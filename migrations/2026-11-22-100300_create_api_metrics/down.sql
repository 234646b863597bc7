DROP TABLE api_metrics;

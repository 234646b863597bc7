DROP TABLE search_synonyms;
DROP FUNCTION log_synonyms();
DROP FUNCTION groups_without(jsonb, jsonb);
DROP FUNCTION raise_synonyms_version();
DELETE FROM changes WHERE resource = 'synonyms';

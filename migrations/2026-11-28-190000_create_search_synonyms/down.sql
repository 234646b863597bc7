DROP TABLE search_synonyms;
DROP FUNCTION log_synonyms();
DELETE FROM changes WHERE resource = 'synonyms';

-- Words that mean the same, for searches. One row holds them all, so that they are read, compared and replaced together.
CREATE TABLE search_synonyms (
    id integer PRIMARY KEY DEFAULT 1 CHECK (id = 1),
    groups jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(groups) = 'array'
        AND NOT groups @? 'strict $[*] ? (@.type() <> "array")' AND NOT groups @? 'strict $[*][*] ? (@.type() <> "string")'),
    version integer NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE search_synonyms IS 'The synonyms of the shop, in one row.';
COMMENT ON COLUMN search_synonyms.groups IS 'Arrays of words and phrases that mean the same.';
INSERT INTO search_synonyms DEFAULT VALUES;

CREATE FUNCTION raise_synonyms_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := OLD.version + 1;
    NEW.updated_at := now();
    RETURN NEW;
END $$;
CREATE TRIGGER raise_synonyms_version
    BEFORE UPDATE ON search_synonyms
    FOR EACH ROW
    WHEN (NEW.version = OLD.version AND NEW.groups <> OLD.groups)
    EXECUTE FUNCTION raise_synonyms_version();

CREATE FUNCTION groups_without(groups jsonb, others jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(jsonb_agg(value), '[]')
    FROM (SELECT value FROM jsonb_array_elements($1) EXCEPT SELECT value FROM jsonb_array_elements($2)) g
$$;
COMMENT ON FUNCTION groups_without(jsonb, jsonb) IS 'Those groups of synonyms that are not among the others.';

-- Of the list only those groups are logged that were removed and added.
CREATE FUNCTION log_synonyms() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    before jsonb := CASE WHEN TG_OP <> 'INSERT' THEN OLD.groups ELSE '[]' END;
    after jsonb := CASE WHEN TG_OP <> 'DELETE' THEN NEW.groups ELSE '[]' END;
BEGIN
    IF before <> after THEN
        PERFORM add_change('synonyms', '1', NULL,
            CASE TG_OP WHEN 'INSERT' THEN 'created' WHEN 'DELETE' THEN 'deleted' ELSE 'updated' END,
            jsonb_build_object('groups', jsonb_build_array(groups_without(before, after), groups_without(after, before))),
            '{synonyms,products}');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER log_synonyms
    AFTER INSERT OR UPDATE OR DELETE ON search_synonyms
    FOR EACH ROW EXECUTE FUNCTION log_synonyms();
CREATE TRIGGER log_emptied_table AFTER TRUNCATE ON search_synonyms
    FOR EACH STATEMENT EXECUTE FUNCTION log_emptied_table('synonyms');

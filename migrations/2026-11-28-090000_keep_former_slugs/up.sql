CREATE TABLE former_slugs (
    slug varchar(255) COLLATE "C" PRIMARY KEY,
    product_id integer NOT NULL REFERENCES products ON DELETE CASCADE
);
CREATE INDEX former_slugs_product_id_idx ON former_slugs (product_id);
COMMENT ON TABLE former_slugs IS 'Which product once had a slug that none has now, so that its old addresses lead to it; kept by triggers.';

CREATE FUNCTION take_slug_from_former() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    DELETE FROM former_slugs USING made WHERE former_slugs.slug = made.slug;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION take_slug_from_former() IS 'Takes the slugs of new products out of former_slugs.';

CREATE FUNCTION keep_former_slug() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    DELETE FROM former_slugs WHERE slug = NEW.slug;
    INSERT INTO former_slugs (slug, product_id) VALUES (OLD.slug, NEW.id)
    ON CONFLICT (slug) DO UPDATE SET product_id = EXCLUDED.product_id;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION keep_former_slug() IS 'Keeps the slug that a product had in former_slugs.';

CREATE TRIGGER take_slug_from_former
    AFTER INSERT ON products
    REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION take_slug_from_former();
CREATE TRIGGER keep_former_slug
    AFTER UPDATE OF slug ON products
    FOR EACH ROW
    WHEN (OLD.slug IS DISTINCT FROM NEW.slug)
    EXECUTE FUNCTION keep_former_slug();

ALTER TABLE categories ADD COLUMN version integer NOT NULL DEFAULT 1 CHECK (version >= 1);
COMMENT ON COLUMN categories.version IS 'Grows by one with every change.';

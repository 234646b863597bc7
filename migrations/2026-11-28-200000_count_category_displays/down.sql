LOCK TABLE categories, product_categories, products IN SHARE ROW EXCLUSIVE MODE;
DROP TRIGGER raise_display_version ON categories;
DROP TRIGGER leave_removed_category ON categories;
DROP TRIGGER follow_emptied_links ON product_categories;
DROP FUNCTION raise_display_version();
DROP FUNCTION leave_removed_category();
DROP FUNCTION follow_links(integer[], integer[], integer[]);

ALTER TABLE products ADD COLUMN category_names text[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN products.category_names IS 'The names of its active categories, kept here for search.';
COMMENT ON COLUMN products.version IS 'Grows by one with every change of what the product shows.';
COMMENT ON COLUMN products.updated_at IS NULL;

CREATE FUNCTION active_category_names(product integer) RETURNS text[] LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT coalesce(array_agg(c.name::text ORDER BY c.id), '{}')
    FROM product_categories pc JOIN categories c ON c.id = pc.category_id AND c.is_active
    WHERE pc.product_id = $1
$$;
COMMENT ON FUNCTION active_category_names(integer) IS 'What products.category_names holds.';

-- What products show stays as it is, so that nothing is logged.
ALTER TABLE products DISABLE TRIGGER log_changed_product;
UPDATE products SET category_names = active_category_names(id), version = version + carried,
    updated_at = greatest(updated_at, carried_at)
FROM (
    SELECT product_id, sum(display_version)::integer AS carried, max(display_updated_at) AS carried_at
    FROM product_categories JOIN categories c ON c.id = category_id
    GROUP BY product_id
) links
WHERE id = product_id;
ALTER TABLE products ENABLE TRIGGER log_changed_product, ADD CONSTRAINT products_version_check CHECK (version >= 1);
ALTER TABLE categories DROP COLUMN display_version, DROP COLUMN display_updated_at;

CREATE OR REPLACE FUNCTION logged_columns(products) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_object('name', $1.name, 'slug', $1.slug, 'description', $1.description, 'details', $1.details,
        'price', $1.price, 'images', $1.images, 'ingredients', $1.ingredients, 'stock_quantity', $1.stock_quantity,
        'is_active', $1.is_active, 'categories', $1.category_names, 'rating_counts', $1.rating_counts)
$$;
COMMENT ON FUNCTION logged_columns(products) IS 'What the log of changes tells of a product.';

CREATE OR REPLACE FUNCTION log_made_products() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF is_in_bulk() THEN
        PERFORM add_change('product', '*', NULL, 'created', '{}', '{everything}');
    ELSE
        PERFORM add_change('product', id::text, slug, 'created', change_diff(NULL, logged_columns(made::products)), product_tags(slug))
        FROM made;
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION log_changed_product() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    diff jsonb := change_diff(logged_columns(OLD), logged_columns(NEW));
    touched text[] := product_tags(NEW.slug);
BEGIN
    IF current_setting('eggypro.follows_category', true) = 'on' THEN
        diff := diff - 'categories';
    END IF;
    -- A version without a difference is that of something which is shown and not told of here.
    IF diff = '{}' AND (NEW.version = OLD.version OR current_setting('eggypro.follows_category', true) = 'on') THEN
        RETURN NULL;
    END IF;
    IF NEW.slug <> OLD.slug THEN
        touched := touched || product_tags(OLD.slug);
    END IF;
    IF NEW.slug <> OLD.slug OR NEW.is_active <> OLD.is_active THEN
        touched := touched || former_product_tags(NEW.id);
    END IF;
    PERFORM add_change('product', NEW.id::text, NEW.slug, 'updated', diff, touched);
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION log_removed_product() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM add_change('product', OLD.id::text, OLD.slug, 'deleted', change_diff(logged_columns(OLD), NULL),
        product_tags(OLD.slug) || former_product_tags(OLD.id));
    RETURN OLD;
END $$;

CREATE OR REPLACE FUNCTION log_changed_categories() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    shown_otherwise integer[];
BEGIN
    shown_otherwise := ARRAY(
        SELECT a.id FROM before b JOIN after a ON a.id = b.id
        WHERE (a.is_active OR b.is_active) AND (a.name, a.slug, a.is_active) IS DISTINCT FROM (b.name, b.slug, b.is_active));
    PERFORM add_change('category', a.id::text, a.slug, 'updated', diff, '{categories,products}'
        || CASE WHEN a.id = ANY (shown_otherwise) THEN ARRAY['every-product'] ELSE '{}' END)
    FROM before b JOIN after a ON a.id = b.id, LATERAL (
        SELECT change_diff(logged_columns(b::categories), logged_columns(a::categories)) AS diff OFFSET 0
    ) d
    WHERE diff <> '{}';
    IF shown_otherwise <> '{}' THEN
        PERFORM set_config('eggypro.follows_category', 'on', true);
        UPDATE products SET version = version + 1, updated_at = now(), category_names = active_category_names(id)
        WHERE id IN (SELECT product_id FROM product_categories WHERE category_id = ANY (shown_otherwise));
        PERFORM set_config('eggypro.follows_category', '', true);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION follow_links(products_moved integer[], is_of_categories boolean) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    -- Where a category goes, that is its change.
    PERFORM set_config('eggypro.follows_category', CASE WHEN is_of_categories THEN 'on' ELSE '' END, true);
    UPDATE products p
    SET category_names = active_category_names(id), updated_at = now(),
        version = CASE WHEN p.xmin = pg_current_xact_id()::xid THEN version ELSE version + 1 END
    WHERE id = ANY (products_moved) AND (category_names <> active_category_names(id)
        OR NOT is_of_categories AND p.xmin <> pg_current_xact_id()::xid);
    PERFORM set_config('eggypro.follows_category', '', true);
END $$;
COMMENT ON FUNCTION follow_links(integer[], boolean) IS 'Lets products know the categories that they stand in by now.';

CREATE OR REPLACE FUNCTION follow_added_links() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NOT is_in_bulk() THEN
        PERFORM follow_links(ARRAY(SELECT product_id FROM added), false);
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION follow_removed_links() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM follow_links(ARRAY(SELECT product_id FROM removed),
        NOT EXISTS (SELECT FROM removed JOIN categories ON id = category_id));
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION follow_moved_links() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM follow_links(ARRAY(SELECT product_id FROM removed UNION SELECT product_id FROM added), false);
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION follow_emptied_links() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM add_change('category', '*', NULL, 'deleted', '{}', '{everything}'),
        follow_links(ARRAY(SELECT id FROM products WHERE category_names <> '{}'), true);
    RETURN NULL;
END $$;

CREATE TRIGGER follow_emptied_links
    AFTER TRUNCATE ON product_categories
    FOR EACH STATEMENT EXECUTE FUNCTION follow_emptied_links();

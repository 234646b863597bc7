-- A category that is renamed or hidden no longer writes its products: the version that a product shows is that of its row
-- plus the display versions of its categories. Links that come and go carry the difference over into the row.
LOCK TABLE categories, product_categories, products IN SHARE ROW EXCLUSIVE MODE;

ALTER TABLE categories ADD COLUMN display_version integer NOT NULL DEFAULT 0, ADD COLUMN display_updated_at timestamptz;
COMMENT ON COLUMN categories.display_version IS 'Grows by one with every change of what products show of the category.';
COMMENT ON COLUMN categories.display_updated_at IS 'When that was last.';
COMMENT ON COLUMN products.version IS
    'With the display versions of its categories it is the version that the product shows. May be negative.';
COMMENT ON COLUMN products.updated_at IS 'When the row was last written. The product shows this or a later display_updated_at.';

ALTER TABLE products DROP COLUMN category_names, DROP CONSTRAINT products_version_check;
DROP FUNCTION active_category_names(integer);

CREATE FUNCTION raise_display_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.display_version := OLD.display_version + 1;
    NEW.display_updated_at := now();
    RETURN NEW;
END $$;
CREATE TRIGGER raise_display_version
    BEFORE UPDATE ON categories
    FOR EACH ROW
    WHEN ((OLD.is_active OR NEW.is_active)
        AND (OLD.name, OLD.slug, OLD.is_active) IS DISTINCT FROM (NEW.name, NEW.slug, NEW.is_active))
    EXECUTE FUNCTION raise_display_version();

-- The log of changes.

CREATE OR REPLACE FUNCTION logged_columns(products) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_object('name', $1.name, 'slug', $1.slug, 'description', $1.description, 'details', $1.details,
        'price', $1.price, 'images', $1.images, 'ingredients', $1.ingredients, 'stock_quantity', $1.stock_quantity,
        'is_active', $1.is_active, 'rating_counts', $1.rating_counts)
$$;
COMMENT ON FUNCTION logged_columns(products) IS 'What the log of changes tells of a product beside its categories.';

CREATE OR REPLACE FUNCTION log_made_products() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF is_in_bulk() THEN
        PERFORM add_change('product', '*', NULL, 'created', '{}', '{everything}');
    ELSE
        PERFORM add_change('product', id::text, slug, 'created',
            change_diff(NULL, logged_columns(made::products) || '{"categories": []}'), product_tags(slug))
        FROM made;
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION log_changed_product() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    diff jsonb := change_diff(logged_columns(OLD), logged_columns(NEW));
    touched text[] := product_tags(NEW.slug);
BEGIN
    -- A version without a difference is that of something which is shown and not logged here. Of links it is logged by them.
    IF diff = '{}' AND (NEW.version = OLD.version OR current_setting('eggypro.follows_links', true) = 'on') THEN
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
DECLARE
    categories jsonb := (
        SELECT coalesce(jsonb_agg(c.name ORDER BY c.id), '[]')
        FROM product_categories pc JOIN categories c ON c.id = pc.category_id AND c.is_active
        WHERE pc.product_id = OLD.id);
BEGIN
    PERFORM add_change('product', OLD.id::text, OLD.slug, 'deleted',
        change_diff(logged_columns(OLD) || jsonb_build_object('categories', categories), NULL),
        product_tags(OLD.slug) || former_product_tags(OLD.id));
    RETURN OLD;
END $$;

CREATE OR REPLACE FUNCTION log_changed_categories() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM add_change('category', a.id::text, a.slug, 'updated', diff, '{categories,products}'
        || CASE WHEN a.display_version <> b.display_version THEN ARRAY['every-product'] ELSE '{}' END)
    FROM before b JOIN after a ON a.id = b.id, LATERAL (
        SELECT change_diff(logged_columns(b::categories), logged_columns(a::categories)) AS diff OFFSET 0
    ) d
    WHERE diff <> '{}';
    RETURN NULL;
END $$;

-- Links. A category that is renamed meanwhile is waited for, so that each state of a product has a version of its own.

DROP FUNCTION follow_links(integer[], boolean);
CREATE FUNCTION follow_links(product_ids integer[], category_ids integer[], signs integer[]) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM FROM categories WHERE id = ANY (category_ids) ORDER BY id FOR SHARE;
    PERFORM set_config('eggypro.follows_links', 'on', true);
    -- A product that this transaction has changed already has its new version.
    WITH moved AS (
        SELECT product_id, -sum(sign * display_version)::integer AS carried, NOT EXISTS (
            SELECT FROM changes WHERE transaction_id > '0' AND transaction_id = pg_current_xact_id()
                AND resource = 'product' AND resource_id = product_id::text) AS is_first
        FROM unnest(product_ids, category_ids, signs) m(product_id, category_id, sign)
        JOIN categories c ON c.id = category_id
        GROUP BY product_id
    )
    UPDATE products SET updated_at = greatest(updated_at, now()), version = version + carried + is_first::integer
    FROM moved
    WHERE id = product_id AND (carried <> 0 OR is_first);
    PERFORM set_config('eggypro.follows_links', '', true);
    PERFORM add_change('product', p.id::text, p.slug, 'updated',
        change_diff(jsonb_build_object('categories', coalesce(before, '[]')),
            jsonb_build_object('categories', coalesce(after, '[]'))),
        product_tags(p.slug))
    FROM products p LEFT JOIN (
        SELECT product_id, jsonb_agg(c.name ORDER BY c.id) FILTER (WHERE is_linked = 1) AS after,
            jsonb_agg(c.name ORDER BY c.id) FILTER (WHERE is_linked - sign = 1) AS before
        FROM (
            SELECT product_id, category_id, sum(is_linked) AS is_linked, sum(sign) AS sign
            FROM (
                SELECT product_id, category_id, 1 AS is_linked, 0 AS sign
                FROM product_categories WHERE product_id = ANY (product_ids)
                UNION ALL
                SELECT product_id, category_id, 0, sign
                FROM unnest(product_ids, category_ids, signs) m(product_id, category_id, sign)
            ) links
            GROUP BY product_id, category_id
        ) states JOIN categories c ON c.id = category_id AND c.is_active
        GROUP BY product_id
    ) names ON product_id = p.id
    WHERE p.id = ANY (product_ids);
END $$;
COMMENT ON FUNCTION follow_links(integer[], integer[], integer[]) IS
    'Raises the versions of products whose links were added (sign 1) or removed (-1), and logs that.';

CREATE OR REPLACE FUNCTION follow_added_links() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NOT is_in_bulk() THEN
        PERFORM follow_links(array_agg(product_id), array_agg(category_id), array_agg(1)) FROM added HAVING count(*) > 0;
    END IF;
    RETURN NULL;
END $$;

-- Links that go with their category were followed before, those that go with their product need not be.
CREATE OR REPLACE FUNCTION follow_removed_links() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM follow_links(array_agg(product_id), array_agg(category_id), array_agg(-1))
    FROM removed JOIN categories c ON c.id = category_id JOIN products p ON p.id = product_id
    HAVING count(*) > 0;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION follow_moved_links() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM follow_links(array_agg(product_id), array_agg(category_id), array_agg(sign))
    FROM (SELECT product_id, category_id, -1 AS sign FROM removed UNION ALL SELECT product_id, category_id, 1 FROM added) moved
    HAVING count(*) > 0;
    RETURN NULL;
END $$;

CREATE FUNCTION leave_removed_category() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF OLD.is_active OR OLD.display_version > 0 THEN
        PERFORM set_config('eggypro.follows_links', 'on', true);
        UPDATE products SET version = version + OLD.display_version + OLD.is_active::integer,
            updated_at = greatest(updated_at, OLD.display_updated_at, CASE WHEN OLD.is_active THEN now() END)
        WHERE id IN (SELECT product_id FROM product_categories WHERE category_id = OLD.id);
        PERFORM set_config('eggypro.follows_links', '', true);
    END IF;
    RETURN OLD;
END $$;
COMMENT ON FUNCTION leave_removed_category() IS 'Raises the versions of the products of a category that is removed.';
CREATE TRIGGER leave_removed_category
    BEFORE DELETE ON categories
    FOR EACH ROW EXECUTE FUNCTION leave_removed_category();

DROP TRIGGER follow_emptied_links ON product_categories;
CREATE OR REPLACE FUNCTION follow_emptied_links() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM add_change('category', '*', NULL, 'deleted', '{}', '{everything}'),
        set_config('eggypro.follows_links', 'on', true);
    UPDATE products SET version = version + carried + 1, updated_at = now()
    FROM (
        SELECT product_id, sum(display_version)::integer AS carried
        FROM product_categories JOIN categories c ON c.id = category_id
        GROUP BY product_id
    ) links
    WHERE id = product_id;
    PERFORM set_config('eggypro.follows_links', '', true);
    RETURN NULL;
END $$;
CREATE TRIGGER follow_emptied_links
    BEFORE TRUNCATE ON product_categories
    FOR EACH STATEMENT EXECUTE FUNCTION follow_emptied_links();

-- Every change of the shop tells of itself, whoever makes it and however: the triggers below write a row for each thing that
-- a transaction changes, and notify once when it commits. Readers of the log, such as caches, need nothing else.
-- In the order in which writes take them, lest a server that runs meanwhile and this wait for each other.
LOCK TABLE images, reviews, categories, product_categories, products, ended_sessions IN SHARE ROW EXCLUSIVE MODE;

CREATE TABLE changes (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    resource text COLLATE "C" NOT NULL,
    resource_id text COLLATE "C" NOT NULL,
    slug text COLLATE "C",
    action text COLLATE "C" NOT NULL CHECK (action IN ('created', 'updated', 'deleted')),
    diff jsonb NOT NULL,
    tags text[] NOT NULL,
    marks text[] NOT NULL,
    actor_kind text COLLATE "C" NOT NULL DEFAULT coalesce(nullif(current_setting('eggypro.actor_kind', true), ''), 'database')
        CHECK (actor_kind IN ('admin', 'key', 'customer', 'system', 'database')),
    actor_id text COLLATE "C" DEFAULT CASE coalesce(current_setting('eggypro.actor_kind', true), '')
        WHEN '' THEN session_user::text ELSE nullif(current_setting('eggypro.actor_id', true), '') END,
    actor_name text DEFAULT nullif(current_setting('eggypro.actor_name', true), ''),
    request_id text COLLATE "C" DEFAULT nullif(current_setting('eggypro.request_id', true), ''),
    reason text DEFAULT nullif(current_setting('eggypro.reason', true), '')
);
-- One row for each thing that a transaction changes. Those who follow the log read it by transaction.
CREATE UNIQUE INDEX changes_transaction_idx ON changes (transaction_id, resource, resource_id) WHERE transaction_id > '0';
CREATE INDEX changes_at_idx ON changes (at, id);
CREATE INDEX changes_slug_idx ON changes (slug, at, id) WHERE slug IS NOT NULL;
COMMENT ON TABLE changes IS 'What was changed, when and by whom; written by triggers.';
COMMENT ON COLUMN changes.transaction_id IS
    'The transaction that made it; 0 of changes that came with a copy of another database.';
COMMENT ON COLUMN changes.resource_id IS 'The id of the row; of an image its public id; * of all rows at once.';
COMMENT ON COLUMN changes.slug IS 'Of the product or category; of a review that of its product.';
COMMENT ON COLUMN changes.diff IS 'By column what it was before and after.';
COMMENT ON COLUMN changes.marks IS 'What happened besides: back_in_stock, verified, unverified.';
COMMENT ON COLUMN changes.tags IS 'What kept answers no longer hold, by their tags.';
COMMENT ON COLUMN changes.actor_kind IS 'admin, key, customer, system; database of a statement that the server did not make.';

CREATE TABLE change_log (
    identity text PRIMARY KEY,
    forgotten_transaction xid8 NOT NULL DEFAULT '0',
    forgotten_id bigint NOT NULL DEFAULT 0
);
COMMENT ON TABLE change_log IS 'Which log this is, and how far it was forgotten; more rows came with a copy and go at the next look.';
COMMENT ON COLUMN change_log.identity IS
    'What change_log_identity() gave when the log began: in a copy of the database it gives something else.';

-- Transactions are numbered by each cluster, and anew from where it was put back to, so positions hold for one history only.
CREATE FUNCTION change_log_identity() RETURNS text LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
DECLARE
    cluster text;
BEGIN
    BEGIN
        SELECT system_identifier INTO cluster FROM pg_control_system();
    EXCEPTION WHEN insufficient_privilege THEN
        cluster := '';
    END;
    RETURN substr(md5(concat_ws('-', cluster, substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8),
        (SELECT oid FROM pg_database WHERE datname = current_database()), 'changes'::regclass::oid)), 1, 16);
END $$;
COMMENT ON FUNCTION change_log_identity() IS 'Names the history that transactions of this database are numbered in.';
INSERT INTO change_log (identity) SELECT change_log_identity();

-- Changes that came with a copy stay to be read. Those whose transactions have not been here yet have no place in the order
-- of this history.
CREATE FUNCTION adopt_change_log() RETURNS text LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
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
COMMENT ON FUNCTION adopt_change_log() IS 'Begins the log anew in a copy of another database. Returns its identity.';

-- In PL/pgSQL, as are all below that ask something: its sessions keep their plans.
CREATE FUNCTION change_diff(before jsonb, after jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN (
        SELECT coalesce(jsonb_object_agg(key, jsonb_build_array(before -> key, after -> key)), '{}')
        FROM jsonb_object_keys(coalesce(after, before)) key
        WHERE coalesce(before -> key, 'null') <> coalesce(after -> key, 'null'));
END $$;
COMMENT ON FUNCTION change_diff(jsonb, jsonb) IS 'The columns that differ, each with both values.';

CREATE FUNCTION change_diffs_joined(earlier jsonb, later jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN (
        SELECT coalesce(jsonb_object_agg(key, jsonb_build_array(first_value, last_value)), '{}')
        FROM jsonb_object_keys(earlier || later) key, LATERAL (
            SELECT coalesce(earlier -> key, later -> key) -> 0 AS first_value,
                coalesce(later -> key, earlier -> key) -> 1 AS last_value
        ) v
        WHERE first_value <> last_value);
END $$;
COMMENT ON FUNCTION change_diffs_joined(jsonb, jsonb) IS 'Two diffs, one made after the other, as one.';

CREATE FUNCTION change_marks(resource text, action text, diff jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN $2 <> 'updated' THEN '{}'
        WHEN $1 = 'product' AND $3 -> 'stock_quantity' -> 0 = '0' THEN ARRAY['back_in_stock']
        WHEN $1 = 'review' AND $3 -> 'is_verified' -> 1 = 'true' THEN ARRAY['verified']
        WHEN $1 = 'review' AND $3 -> 'is_verified' -> 1 = 'false' THEN ARRAY['unverified']
        ELSE '{}'
    END
$$;
COMMENT ON FUNCTION change_marks(text, text, jsonb) IS 'What happened with a change besides.';

-- With the rights of the log's owner: a role that may change reviews need not have any for the log.
CREATE FUNCTION add_change(what text, which text, found_at text, done text, difference jsonb, touched text[])
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO changes AS known (resource, resource_id, slug, action, diff, tags, marks)
    VALUES (what, which, found_at, done, difference, touched, change_marks(what, done, difference))
    ON CONFLICT (transaction_id, resource, resource_id) WHERE transaction_id > '0' DO UPDATE SET
        slug = EXCLUDED.slug,
        action = CASE WHEN EXCLUDED.action = 'updated' THEN known.action ELSE EXCLUDED.action END,
        diff = change_diffs_joined(known.diff, EXCLUDED.diff),
        tags = ARRAY(SELECT unnest(known.tags) UNION SELECT unnest(EXCLUDED.tags)),
        marks = change_marks(known.resource, known.action, change_diffs_joined(known.diff, EXCLUDED.diff));
END $$;
COMMENT ON FUNCTION add_change(text, text, text, text, jsonb, text[]) IS
    'Writes a change down, joined with what the same transaction did to the same thing before.';

-- The name is not the transaction's number alone: a database that was put back to an earlier state gives those again.
CREATE FUNCTION announce_changes() RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    transaction xid8 := pg_current_xact_id_if_assigned();
    announcement text;
BEGIN
    SELECT concat_ws(' ', transaction || '-' || extract(epoch FROM min(at)),
        CASE WHEN length(string_agg(DISTINCT tag, ' ')) > 7500 THEN 'everything'
            ELSE string_agg(DISTINCT tag, ' ') END)
    INTO announcement
    FROM changes LEFT JOIN unnest(tags) tag ON true
    WHERE transaction_id > '0' AND transaction_id = transaction
    HAVING count(*) > 0;
    IF announcement IS NOT NULL THEN
        PERFORM set_config('eggypro.announced', transaction::text, true), pg_notify('eggypro_changes', announcement);
    END IF;
    RETURN announcement;
END $$;
COMMENT ON FUNCTION announce_changes() IS
    'Tells of the running transaction by a name and what it has touched, all at once where the tags of that would not fit a notification. Returns what it tells.';

-- Last of all, unless whoever made the changes has announced them.
CREATE FUNCTION announce_unannounced_changes() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF current_setting('eggypro.announced', true) IS DISTINCT FROM NEW.transaction_id::text THEN
        PERFORM announce_changes();
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER announce_unannounced_changes
    AFTER INSERT ON changes DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION announce_unannounced_changes();

CREATE FUNCTION is_in_bulk() RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(current_setting('eggypro.in_bulk', true), '') = 'on'
$$;
COMMENT ON FUNCTION is_in_bulk() IS
    'Whether the running transaction adds rows by the thousand, of which is told by a word for all of them.';

-- Products.

CREATE FUNCTION logged_columns(products) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_object('name', $1.name, 'slug', $1.slug, 'description', $1.description, 'details', $1.details,
        'price', $1.price, 'images', $1.images, 'ingredients', $1.ingredients, 'stock_quantity', $1.stock_quantity,
        'is_active', $1.is_active, 'categories', $1.category_names, 'rating_counts', $1.rating_counts)
$$;
COMMENT ON FUNCTION logged_columns(products) IS 'What the log of changes tells of a product.';

CREATE FUNCTION product_tags(slug text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ARRAY['products', 'product:' || $1, 'reviews:' || $1]
$$;
COMMENT ON FUNCTION product_tags(text) IS 'What shows a product of this slug.';

CREATE FUNCTION former_product_tags(product integer) RETURNS text[] LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT ARRAY(SELECT 'product:' || slug FROM former_slugs WHERE product_id = $1)
$$;
COMMENT ON FUNCTION former_product_tags(integer) IS 'What tells where a product is now that was elsewhere before.';

CREATE FUNCTION log_made_products() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF is_in_bulk() THEN
        PERFORM add_change('product', '*', NULL, 'created', '{}', '{everything}');
    ELSE
        PERFORM add_change('product', id::text, slug, 'created', change_diff(NULL, logged_columns(made::products)), product_tags(slug))
        FROM made;
    END IF;
    RETURN NULL;
END $$;

-- What a category is called now is the category's change, not one of each product in it.
CREATE FUNCTION log_changed_product() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
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

-- Before, while it is still known where the product was.
CREATE FUNCTION log_removed_product() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM add_change('product', OLD.id::text, OLD.slug, 'deleted', change_diff(logged_columns(OLD), NULL),
        product_tags(OLD.slug) || former_product_tags(OLD.id));
    RETURN OLD;
END $$;

CREATE FUNCTION raise_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := OLD.version + 1;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION raise_version() IS 'For who changes a row and does not think of its version.';

CREATE FUNCTION raise_product_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := OLD.version + 1;
    NEW.updated_at := now();
    RETURN NEW;
END $$;
COMMENT ON FUNCTION raise_product_version() IS 'For who changes a product and does not think of its version.';

CREATE TRIGGER log_made_products
    AFTER INSERT ON products REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION log_made_products();
CREATE TRIGGER log_changed_product
    AFTER UPDATE ON products
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION log_changed_product();
CREATE TRIGGER log_removed_product
    BEFORE DELETE ON products
    FOR EACH ROW EXECUTE FUNCTION log_removed_product();
CREATE TRIGGER raise_product_version
    BEFORE UPDATE ON products
    FOR EACH ROW
    WHEN (NEW.version = OLD.version AND (OLD.name, OLD.slug, OLD.description, OLD.details, OLD.price, OLD.images, OLD.ingredients,
            OLD.stock_quantity, OLD.is_active, OLD.rating_counts, OLD.created_at)
        IS DISTINCT FROM (NEW.name, NEW.slug, NEW.description, NEW.details, NEW.price, NEW.images, NEW.ingredients,
            NEW.stock_quantity, NEW.is_active, NEW.rating_counts, NEW.created_at))
    EXECUTE FUNCTION raise_product_version();

-- Categories, and which products stand in them.

CREATE FUNCTION logged_columns(categories) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_object('name', $1.name, 'slug', $1.slug, 'description', $1.description, 'is_active', $1.is_active)
$$;
COMMENT ON FUNCTION logged_columns(categories) IS 'What the log of changes tells of a category.';

CREATE FUNCTION active_category_names(product integer) RETURNS text[] LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT coalesce(array_agg(c.name::text ORDER BY c.id), '{}')
    FROM product_categories pc JOIN categories c ON c.id = pc.category_id AND c.is_active
    WHERE pc.product_id = $1
$$;
COMMENT ON FUNCTION active_category_names(integer) IS 'What products.category_names holds.';

CREATE FUNCTION log_made_categories() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    -- Searches know the words of its name from now on.
    PERFORM add_change('category', id::text, slug, 'created', change_diff(NULL, logged_columns(made::categories)), '{categories,products}')
    FROM made;
    RETURN NULL;
END $$;

CREATE FUNCTION log_changed_categories() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
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

CREATE FUNCTION log_removed_categories() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM add_change('category', id::text, slug, 'deleted', change_diff(logged_columns(removed::categories), NULL),
        CASE WHEN is_active THEN '{categories,products,every-product}'::text[] ELSE '{categories}' END)
    FROM removed;
    RETURN NULL;
END $$;

-- Whoever puts products into categories need not think of what products know of them. One that is written in this
-- transaction has its new version already.
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

CREATE FUNCTION follow_added_links() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NOT is_in_bulk() THEN
        PERFORM follow_links(ARRAY(SELECT product_id FROM added), false);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION follow_removed_links() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM follow_links(ARRAY(SELECT product_id FROM removed),
        NOT EXISTS (SELECT FROM removed JOIN categories ON id = category_id));
    RETURN NULL;
END $$;

CREATE FUNCTION follow_moved_links() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM follow_links(ARRAY(SELECT product_id FROM removed UNION SELECT product_id FROM added), false);
    RETURN NULL;
END $$;

CREATE FUNCTION follow_emptied_links() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM add_change('category', '*', NULL, 'deleted', '{}', '{everything}'),
        follow_links(ARRAY(SELECT id FROM products WHERE category_names <> '{}'), true);
    RETURN NULL;
END $$;

CREATE TRIGGER log_made_categories
    AFTER INSERT ON categories REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION log_made_categories();
CREATE TRIGGER log_changed_categories
    AFTER UPDATE ON categories REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION log_changed_categories();
CREATE TRIGGER log_removed_categories
    AFTER DELETE ON categories REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION log_removed_categories();
CREATE TRIGGER raise_category_version
    BEFORE UPDATE ON categories
    FOR EACH ROW
    WHEN (NEW.version = OLD.version AND (OLD.name, OLD.slug, OLD.description, OLD.is_active)
        IS DISTINCT FROM (NEW.name, NEW.slug, NEW.description, NEW.is_active))
    EXECUTE FUNCTION raise_version();
CREATE TRIGGER follow_added_links
    AFTER INSERT ON product_categories REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION follow_added_links();
CREATE TRIGGER follow_removed_links
    AFTER DELETE ON product_categories REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION follow_removed_links();
CREATE TRIGGER follow_moved_links
    AFTER UPDATE ON product_categories REFERENCING OLD TABLE AS removed NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION follow_moved_links();
CREATE TRIGGER follow_emptied_links
    AFTER TRUNCATE ON product_categories
    FOR EACH STATEMENT EXECUTE FUNCTION follow_emptied_links();

-- Reviews.

CREATE FUNCTION logged_columns(reviews) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_object('reviewer_name', left($1.reviewer_name, 200),
        'reviewer_image_url', left($1.reviewer_image_url, 200), 'rating', $1.rating, 'comment', left($1.comment, 200),
        'image_url', left($1.image_url, 200), 'video_url', left($1.video_url, 200), 'is_verified', $1.is_verified)
$$;
COMMENT ON FUNCTION logged_columns(reviews) IS 'What the log of changes tells of a review.';

CREATE FUNCTION log_made_reviews() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF is_in_bulk() THEN
        PERFORM add_change('review', '*', NULL, 'created', '{}', '{everything}');
    ELSE
        PERFORM add_change('review', r.id::text, p.slug, 'created', change_diff(NULL, logged_columns(r::reviews)),
            CASE WHEN r.is_verified THEN ARRAY['reviews:' || p.slug] ELSE '{}' END)
        FROM made r JOIN products p ON p.id = r.product_id;
    END IF;
    RETURN NULL;
END $$;

-- What is beyond the letters that are told of is shown all the same.
CREATE FUNCTION log_changed_reviews() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM add_change('review', a.id::text, p.slug, 'updated',
        change_diff(logged_columns(b::reviews), logged_columns(a::reviews)),
        CASE WHEN a.is_verified OR b.is_verified THEN ARRAY['reviews:' || p.slug] ELSE '{}' END)
    FROM before b JOIN after a ON a.id = b.id JOIN products p ON p.id = a.product_id
    WHERE (b::reviews) IS DISTINCT FROM (a::reviews);
    RETURN NULL;
END $$;

-- With a product its reviews go without a word of each.
CREATE FUNCTION log_removed_reviews() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM add_change('review', r.id::text, p.slug, 'deleted', change_diff(logged_columns(r::reviews), NULL),
        CASE WHEN r.is_verified THEN ARRAY['reviews:' || p.slug] ELSE '{}' END)
    FROM removed r JOIN products p ON p.id = r.product_id;
    RETURN NULL;
END $$;

CREATE TRIGGER log_made_reviews
    AFTER INSERT ON reviews REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION log_made_reviews();
CREATE TRIGGER log_changed_reviews
    AFTER UPDATE ON reviews REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION log_changed_reviews();
CREATE TRIGGER log_removed_reviews
    AFTER DELETE ON reviews REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION log_removed_reviews();

-- Images. What is on its way into the store or out of it is none, so that of its way nothing is told.

CREATE FUNCTION logged_columns(images) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN $1.url <> '' AND $1.removal_requested_at IS NULL THEN jsonb_build_object('url', $1.url,
        'format', $1.format, 'width', $1.width, 'height', $1.height, 'bytes', $1.bytes, 'product_id', $1.product_id) END
$$;
COMMENT ON FUNCTION logged_columns(images) IS 'What the log of changes tells of an image; NULL of one that is not kept.';

CREATE FUNCTION log_image() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    before jsonb := CASE WHEN TG_OP <> 'INSERT' THEN logged_columns(OLD) END;
    after jsonb := CASE WHEN TG_OP <> 'DELETE' THEN logged_columns(NEW) END;
BEGIN
    IF before IS DISTINCT FROM after THEN
        PERFORM add_change('image', coalesce(NEW.public_id, OLD.public_id), NULL,
            CASE WHEN before IS NULL THEN 'created' WHEN after IS NULL THEN 'deleted' ELSE 'updated' END,
            change_diff(before, after), '{}');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER log_image
    AFTER INSERT OR UPDATE OR DELETE ON images
    FOR EACH ROW EXECUTE FUNCTION log_image();

-- Sessions.

CREATE FUNCTION log_ended_session() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM add_change('session', NEW.id::text, NULL, 'deleted', '{}', ARRAY['session:' || NEW.id]);
    RETURN NULL;
END $$;
CREATE TRIGGER log_ended_session
    AFTER INSERT ON ended_sessions
    FOR EACH ROW EXECUTE FUNCTION log_ended_session();

-- All rows at once.

CREATE FUNCTION log_emptied_table() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM add_change(TG_ARGV[0], '*', NULL, 'deleted', '{}', '{everything}');
    RETURN NULL;
END $$;
CREATE TRIGGER log_emptied_table AFTER TRUNCATE ON products
    FOR EACH STATEMENT EXECUTE FUNCTION log_emptied_table('product');
CREATE TRIGGER log_emptied_table AFTER TRUNCATE ON categories
    FOR EACH STATEMENT EXECUTE FUNCTION log_emptied_table('category');
CREATE TRIGGER log_emptied_table AFTER TRUNCATE ON reviews
    FOR EACH STATEMENT EXECUTE FUNCTION log_emptied_table('review');
CREATE TRIGGER log_emptied_table AFTER TRUNCATE ON images
    FOR EACH STATEMENT EXECUTE FUNCTION log_emptied_table('image');

-- A stock change spends most of its time in what follows it. Columns that are equal are no longer packed to be compared, and
-- nothing sorts by ratings in the database any more.
LOCK TABLE products IN ACCESS EXCLUSIVE MODE;
ALTER TABLE products DROP COLUMN rating_count, DROP COLUMN rating_sum, DROP COLUMN rating_score;

CREATE OR REPLACE FUNCTION log_changed_product() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    diff jsonb := '{}';
    touched text[] := ARRAY['products', 'product:' || NEW.slug, 'reviews:' || NEW.slug];
BEGIN
    IF NEW.stock_quantity <> OLD.stock_quantity THEN
        diff := jsonb_build_object('stock_quantity', jsonb_build_array(OLD.stock_quantity, NEW.stock_quantity));
    END IF;
    IF NEW.price <> OLD.price THEN
        diff := diff || jsonb_build_object('price', jsonb_build_array(OLD.price, NEW.price));
    END IF;
    IF NEW.is_active <> OLD.is_active THEN
        diff := diff || jsonb_build_object('is_active', jsonb_build_array(OLD.is_active, NEW.is_active));
    END IF;
    IF NEW.rating_counts <> OLD.rating_counts THEN
        diff := diff || jsonb_build_object('rating_counts', jsonb_build_array(OLD.rating_counts, NEW.rating_counts));
    END IF;
    IF (NEW.name, NEW.slug, NEW.description, NEW.details, NEW.images, NEW.ingredients)
        <> (OLD.name, OLD.slug, OLD.description, OLD.details, OLD.images, OLD.ingredients) THEN
        diff := diff || change_diff(
            jsonb_build_object('name', OLD.name, 'slug', OLD.slug, 'description', OLD.description, 'details', OLD.details,
                'images', OLD.images, 'ingredients', OLD.ingredients),
            jsonb_build_object('name', NEW.name, 'slug', NEW.slug, 'description', NEW.description, 'details', NEW.details,
                'images', NEW.images, 'ingredients', NEW.ingredients));
    END IF;
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

-- PostgreSQL reads the condition of a trigger anew for each statement, so it is short.
DROP TRIGGER raise_product_version ON products;
CREATE OR REPLACE FUNCTION raise_product_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.name, NEW.slug, NEW.description, NEW.details, NEW.price, NEW.images, NEW.ingredients, NEW.stock_quantity,
            NEW.is_active, NEW.rating_counts, NEW.created_at)
        IS DISTINCT FROM (OLD.name, OLD.slug, OLD.description, OLD.details, OLD.price, OLD.images, OLD.ingredients,
            OLD.stock_quantity, OLD.is_active, OLD.rating_counts, OLD.created_at) THEN
        NEW.version := OLD.version + 1;
        NEW.updated_at := now();
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER raise_product_version
    BEFORE UPDATE ON products
    FOR EACH ROW
    WHEN (NEW.version = OLD.version)
    EXECUTE FUNCTION raise_product_version();

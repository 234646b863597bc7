ALTER TABLE images ADD COLUMN renditions jsonb;
COMMENT ON COLUMN images.renditions IS 'Where its sizes are delivered: optimized, thumbnail, and responsive by width; unknown of those that were stored before.';

-- Beside the addresses that a product shows, so that a read needs no other table.
ALTER TABLE products ADD COLUMN media jsonb;
COMMENT ON COLUMN products.media IS
    'What is known of each of images, in the same order, where at least one is in the image store; kept by a trigger.';

CREATE FUNCTION media_of(urls text[]) RETURNS jsonb LANGUAGE plpgsql STABLE STRICT SET search_path FROM CURRENT AS $$
BEGIN
    RETURN (
        SELECT CASE WHEN count(i.id) > 0 THEN jsonb_agg(
            CASE WHEN i.id IS NOT NULL THEN jsonb_build_object(
                'public_id', i.public_id, 'width', i.width, 'height', i.height, 'renditions', i.renditions)
            END ORDER BY place)
        END
        FROM unnest(urls) WITH ORDINALITY shown (url, place)
        LEFT JOIN LATERAL (
            SELECT * FROM images WHERE images.url = shown.url AND images.url <> '' ORDER BY id LIMIT 1
        ) i ON true);
END $$;
COMMENT ON FUNCTION media_of(text[]) IS 'What is known of the images of these addresses.';

CREATE FUNCTION keep_media() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    NEW.media := media_of(NEW.images);
    RETURN NEW;
END $$;
COMMENT ON FUNCTION keep_media() IS 'Keeps what is known of the images of a product.';

-- Only of products with an image of the store, or with one before.
CREATE TRIGGER keep_media_of_new
    BEFORE INSERT ON products
    FOR EACH ROW
    WHEN (NEW.images::text LIKE '%eggypro-products/%')
    EXECUTE FUNCTION keep_media();
CREATE TRIGGER keep_media
    BEFORE UPDATE OF images ON products
    FOR EACH ROW
    WHEN (NEW.images::text LIKE '%eggypro-products/%' OR OLD.media IS NOT NULL)
    EXECUTE FUNCTION keep_media();

-- What is answered of a product has a member more now, so what anybody keeps of it is another version.
UPDATE products SET version = version + 1,
    media = CASE WHEN images::text LIKE '%eggypro-products/%' THEN media_of(images) END;

-- Which images reviews show is asked before one is removed.
CREATE INDEX reviews_stored_image_idx ON reviews (substring(image_url FROM 'eggypro-products/[a-z0-9_-]+'))
    WHERE image_url LIKE '%eggypro-products/%';
CREATE INDEX reviews_stored_reviewer_image_idx ON reviews (substring(reviewer_image_url FROM 'eggypro-products/[a-z0-9_-]+'))
    WHERE reviewer_image_url LIKE '%eggypro-products/%';
COMMENT ON COLUMN images.removal_requested_at IS
    'From when on it is to be removed from the store, unless its upload is confirmed before or something shows it; the row goes with the image.';

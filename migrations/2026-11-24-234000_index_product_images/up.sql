-- Finds the products that show an image, which is asked when another one that shows it is removed.
CREATE INDEX products_images_idx ON products USING gin (images);
-- Finds the images that a product shows, which is asked when it is removed.
CREATE INDEX images_url_idx ON images (url);
COMMENT ON COLUMN images.removal_attempts IS 'How often its removal was begun.';
COMMENT ON COLUMN images.url IS 'Where the original is delivered, which is what a product''s images hold; empty until it is uploaded.';
COMMENT ON COLUMN images.removal_requested_at IS 'From when on it is to be removed from the store, unless its upload is confirmed before; the row goes with the image.';

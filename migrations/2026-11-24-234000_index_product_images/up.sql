-- Finds the products that show an image, which is asked whenever one is deleted.
CREATE INDEX products_images_idx ON products USING gin (images);
COMMENT ON COLUMN images.url IS 'Where the original is delivered, which is what a product''s images hold; empty until it is uploaded.';
COMMENT ON COLUMN images.removal_requested_at IS 'From when on it is to be removed from the store, unless its upload is confirmed before; the row goes with the image.';

COMMENT ON COLUMN images.removal_requested_at IS 'Since when it is to be removed from the store; the row goes with the image.';
COMMENT ON COLUMN images.url IS 'Where the original is delivered; what a product''s images hold.';
COMMENT ON COLUMN images.removal_attempts IS 'How often the store refused to remove it.';
DROP INDEX images_url_idx;
DROP INDEX products_images_idx;

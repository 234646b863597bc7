COMMENT ON COLUMN images.removal_requested_at IS 'From when on it is to be removed from the store, unless its upload is confirmed before; the row goes with the image.';
DROP INDEX reviews_stored_reviewer_image_idx;
DROP INDEX reviews_stored_image_idx;
DROP TRIGGER keep_media ON products;
DROP TRIGGER keep_media_of_new ON products;
DROP FUNCTION keep_media();
DROP FUNCTION media_of(text[]);
ALTER TABLE products DROP COLUMN media;
ALTER TABLE images DROP COLUMN renditions;

CREATE TABLE reviews (
    id serial PRIMARY KEY,
    product_id integer NOT NULL REFERENCES products ON DELETE CASCADE,
    reviewer_name varchar(255) NOT NULL CHECK (reviewer_name <> ''),
    reviewer_image_url varchar(255),
    rating integer NOT NULL CHECK (rating BETWEEN 1 AND 5),
    comment text NOT NULL CHECK (comment <> ''),
    image_url varchar(255),
    video_url varchar(255),
    is_verified boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now()
);
-- The first serves the public list of a product, the last the moderation queue, oldest first.
CREATE INDEX reviews_product_id_idx ON reviews (product_id, is_verified, created_at, id);
CREATE INDEX reviews_rating_idx ON reviews (rating);
CREATE INDEX reviews_verified_idx ON reviews (is_verified, created_at, id);
COMMENT ON TABLE reviews IS 'What customers say of products.';
COMMENT ON COLUMN reviews.rating IS 'Stars, 1 to 5.';
COMMENT ON COLUMN reviews.is_verified IS 'Whether a moderator let it through; only then the public sees it and it counts.';

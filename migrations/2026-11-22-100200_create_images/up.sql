CREATE TABLE images (
    id serial PRIMARY KEY,
    public_id varchar(255) COLLATE "C" NOT NULL CHECK (public_id <> ''),
    url text NOT NULL,
    format varchar(16) NOT NULL,
    width integer NOT NULL CHECK (width > 0),
    height integer NOT NULL CHECK (height > 0),
    bytes integer NOT NULL CHECK (bytes > 0),
    product_id integer REFERENCES products ON DELETE SET NULL,
    removal_requested_at timestamptz,
    removal_attempts integer NOT NULL DEFAULT 0 CHECK (removal_attempts >= 0),
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX images_public_id_idx ON images (public_id);
CREATE INDEX images_product_id_idx ON images (product_id);
CREATE INDEX images_removal_idx ON images (removal_requested_at) WHERE removal_requested_at IS NOT NULL;
COMMENT ON TABLE images IS 'Every image in the image store, so that it can be found and removed later.';
COMMENT ON COLUMN images.public_id IS 'The image''s name in the image store; unique.';
COMMENT ON COLUMN images.url IS 'Where the original is delivered; what a product''s images hold.';
COMMENT ON COLUMN images.bytes IS 'The size of the original file.';
COMMENT ON COLUMN images.removal_requested_at IS 'Since when it is to be removed from the store; the row goes with the image.';
COMMENT ON COLUMN images.removal_attempts IS 'How often the store refused to remove it.';

-- Search compares words without accents and case. Unlike the extension `unaccent`, this is immutable, as a generated
-- column and an index need it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE FUNCTION search_fold(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN lower(regexp_replace(normalize($1, NFD), '[\u0300-\u036F]', '', 'g'));
COMMENT ON FUNCTION search_fold(text) IS 'A text in small letters and without accents, for search.';

-- `array_to_string` is only stable since some types print by settings; text does not.
CREATE FUNCTION search_join(text[]) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$ SELECT array_to_string($1, ' ') $$;
COMMENT ON FUNCTION search_join(text[]) IS 'The texts of a list as one text, for search.';

CREATE TABLE categories (
    id serial PRIMARY KEY,
    name varchar(100) COLLATE "C" NOT NULL CHECK (name <> ''),
    slug varchar(100) COLLATE "C" NOT NULL CHECK (slug ~ '^[a-z0-9-]+$'),
    description text,
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX categories_slug_idx ON categories (slug);
COMMENT ON TABLE categories IS 'How the shop is arranged.';
COMMENT ON COLUMN categories.slug IS 'Where the category is found; unique.';
COMMENT ON COLUMN categories.is_active IS 'Whether the public sees it, and products show it.';

CREATE TABLE products (
    id serial PRIMARY KEY,
    name varchar(255) COLLATE "C" NOT NULL CHECK (name <> ''),
    slug varchar(255) COLLATE "C" NOT NULL CHECK (slug ~ '^[a-z0-9-]+$'),
    description text NOT NULL,
    details text NOT NULL,
    -- The upper bound also refuses NaN, which is greater than every number.
    price numeric(10, 2) NOT NULL CHECK (price > 0 AND price <= 999999.99),
    images text[] NOT NULL DEFAULT '{}',
    ingredients text[] NOT NULL DEFAULT '{}',
    stock_quantity integer NOT NULL DEFAULT 0 CHECK (stock_quantity >= 0),
    is_active boolean NOT NULL DEFAULT true,
    version integer NOT NULL DEFAULT 1 CHECK (version >= 1),
    rating_counts integer[] NOT NULL DEFAULT '{0,0,0,0,0}'
        CHECK (cardinality(rating_counts) = 5 AND 0 <= ALL (rating_counts)),
    rating_count integer NOT NULL GENERATED ALWAYS AS (
        rating_counts[1] + rating_counts[2] + rating_counts[3] + rating_counts[4] + rating_counts[5]
    ) STORED,
    rating_sum integer NOT NULL GENERATED ALWAYS AS (
        rating_counts[1] + 2 * rating_counts[2] + 3 * rating_counts[3] + 4 * rating_counts[4] + 5 * rating_counts[5]
    ) STORED,
    rating_score integer NOT NULL GENERATED ALWAYS AS (
        coalesce(
            (rating_counts[1] + 2 * rating_counts[2] + 3 * rating_counts[3] + 4 * rating_counts[4]
                + 5 * rating_counts[5])::bigint * 1000000
            / nullif(rating_counts[1] + rating_counts[2] + rating_counts[3] + rating_counts[4] + rating_counts[5], 0),
            0)::integer
    ) STORED,
    category_names text[] NOT NULL DEFAULT '{}',
    search_vector tsvector NOT NULL GENERATED ALWAYS AS (
        setweight(to_tsvector('pg_catalog.english', search_fold(name)), 'A')
        || setweight(to_tsvector('pg_catalog.english', search_fold(search_join(ingredients || category_names))), 'B')
        || setweight(to_tsvector('pg_catalog.english', search_fold(description)), 'C')
        || setweight(to_tsvector('pg_catalog.english', search_fold(details)), 'D')
    ) STORED,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
-- The id stands behind each sort key, so that a page after any row begins with one step into the index; what most
-- lists filter by stands beside, so that skipping ten thousand rows reads none of them.
CREATE UNIQUE INDEX products_slug_idx ON products (slug);
CREATE INDEX products_name_idx ON products (name, id) INCLUDE (is_active, stock_quantity);
CREATE INDEX products_price_idx ON products (price, id) INCLUDE (is_active, stock_quantity);
CREATE INDEX products_newest_idx ON products (created_at, id) INCLUDE (is_active, stock_quantity);
CREATE INDEX products_rating_idx ON products (rating_score, id) INCLUDE (is_active, stock_quantity);
CREATE INDEX products_filter_idx ON products (id) INCLUDE (is_active, stock_quantity, price);
CREATE INDEX products_stock_idx ON products (stock_quantity);
CREATE INDEX products_active_idx ON products (is_active);
CREATE INDEX products_search_idx ON products USING gin (search_vector);
CREATE INDEX products_name_trgm_idx ON products USING gin (name gin_trgm_ops);
CREATE INDEX products_description_trgm_idx ON products USING gin (description gin_trgm_ops);
COMMENT ON TABLE products IS 'What the shop sells.';
COMMENT ON COLUMN products.slug IS 'Where the product is found; unique among active and inactive ones.';
COMMENT ON COLUMN products.price IS 'What one costs, in the shop''s currency.';
COMMENT ON COLUMN products.images IS 'Absolute URLs, the leading picture first.';
COMMENT ON COLUMN products.is_active IS 'Whether the public sees it.';
COMMENT ON COLUMN products.version IS 'Grows by one with every change of what the product shows.';
COMMENT ON COLUMN products.rating_counts IS 'How many verified reviews gave 1, 2, 3, 4 and 5 stars.';
COMMENT ON COLUMN products.rating_count IS 'How many verified reviews there are.';
COMMENT ON COLUMN products.rating_sum IS 'All stars of verified reviews together.';
COMMENT ON COLUMN products.rating_score IS 'The mean in millionths of a star, 0 without a review: the key of sorting.';
COMMENT ON COLUMN products.category_names IS 'The names of its active categories, kept here for search.';
COMMENT ON COLUMN products.search_vector IS 'A: name, B: ingredients and categories, C: description, D: details.';

CREATE TABLE product_categories (
    product_id integer NOT NULL REFERENCES products ON DELETE CASCADE,
    category_id integer NOT NULL REFERENCES categories ON DELETE CASCADE,
    PRIMARY KEY (product_id, category_id)
);
CREATE INDEX product_categories_category_id_idx ON product_categories (category_id, product_id);
COMMENT ON TABLE product_categories IS 'Which product stands in which category.';

CREATE TABLE search_words (
    word text COLLATE "C" PRIMARY KEY
);
CREATE INDEX search_words_trgm_idx ON search_words USING gin (word gin_trgm_ops);
COMMENT ON TABLE search_words IS
    'Folded words of names, descriptions, ingredients and categories that were ever written: what a mistyped word may have meant.';

-- Search knows names for themselves: they are better hits than whatever only describes a product, and suggestions come
-- from them alone. A name is kept both as it is written and by its stems, since what is typed so far may be longer than
-- the stem of what is meant ("monthl" for "month").
CREATE EXTENSION IF NOT EXISTS unaccent;

-- For marking hits: PostgreSQL marks words of the text as it stands, so it has to take accents off by itself.
CREATE TEXT SEARCH CONFIGURATION search_marks (COPY = pg_catalog.english);
ALTER TEXT SEARCH CONFIGURATION search_marks
    ALTER MAPPING FOR word, hword, hword_part WITH unaccent, english_stem;
COMMENT ON TEXT SEARCH CONFIGURATION search_marks IS 'English without accents, for marking hits in texts.';

-- Punctuation becomes space, so that "egg/white" is two words and not the path of a file.
CREATE FUNCTION search_words_of(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN translate(search_fold($1), '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~', repeat(' ', 32));
COMMENT ON FUNCTION search_words_of(text) IS 'The words of a text in small letters, without accents and punctuation.';

DROP INDEX products_search_idx;
ALTER TABLE products DROP COLUMN search_vector;
ALTER TABLE products
    ADD COLUMN name_vector tsvector NOT NULL GENERATED ALWAYS AS (
        strip(to_tsvector('pg_catalog.simple', search_words_of(name))
            || to_tsvector('pg_catalog.english', search_words_of(name)))
    ) STORED,
    ADD COLUMN search_vector tsvector NOT NULL GENERATED ALWAYS AS (
        setweight(to_tsvector('pg_catalog.simple', search_words_of(name))
            || to_tsvector('pg_catalog.english', search_words_of(name)), 'A')
        || setweight(to_tsvector('pg_catalog.english', search_words_of(search_join(ingredients || category_names))), 'B')
        || setweight(to_tsvector('pg_catalog.english', search_words_of(description)), 'C')
        || setweight(to_tsvector('pg_catalog.english', search_words_of(details)), 'D')
    ) STORED;
CREATE INDEX products_name_words_idx ON products USING gin (name_vector);
CREATE INDEX products_search_idx ON products USING gin (search_vector);
CREATE INDEX products_name_beginning_idx ON products (lower(name), id);
COMMENT ON COLUMN products.name_vector IS 'The words of the name, as they are written and by their stems.';
COMMENT ON COLUMN products.search_vector IS
    'A: name as in name_vector, B: ingredients and categories, C: description, D: details.';

-- What facets count stands in one index, so that counting reads no products.
DROP INDEX products_filter_idx;
CREATE INDEX products_filter_idx ON products (id)
    INCLUDE (is_active, stock_quantity, price, rating_score, rating_count);

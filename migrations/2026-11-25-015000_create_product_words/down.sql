DROP INDEX products_name_beginning_idx;
DROP TRIGGER add_product_words ON products;
DROP TRIGGER keep_product_words ON products;
DROP TRIGGER keep_product_filters ON products;
DROP FUNCTION add_product_words();
DROP FUNCTION keep_product_words();
DROP FUNCTION search_vector(products);
DROP FUNCTION keep_product_filters();
DROP TABLE product_words, product_names;
ALTER TABLE products
    ADD COLUMN search_vector tsvector NOT NULL GENERATED ALWAYS AS (
        setweight(to_tsvector('pg_catalog.english', search_fold(name)), 'A')
        || setweight(to_tsvector('pg_catalog.english', search_fold(search_join(ingredients || category_names))), 'B')
        || setweight(to_tsvector('pg_catalog.english', search_fold(description)), 'C')
        || setweight(to_tsvector('pg_catalog.english', search_fold(details)), 'D')
    ) STORED;
CREATE INDEX products_search_idx ON products USING gin (search_vector);
COMMENT ON COLUMN products.search_vector IS 'A: name, B: ingredients and categories, C: description, D: details.';

COMMENT ON TABLE search_words IS
    'Folded words of names, descriptions, ingredients and categories that were ever written: what a mistyped word may have meant.';
DROP FUNCTION search_name_vector(text);
DROP FUNCTION search_words_of(text);
DROP TEXT SEARCH CONFIGURATION search_marks;
-- The extension stays: others may use it by now.

-- As servers of the versions before need it.
CREATE FUNCTION search_fold(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN lower(regexp_replace(normalize($1, NFD), '[\u0300-\u036F]', '', 'g'));
COMMENT ON FUNCTION search_fold(text) IS 'A text in small letters and without accents, for search.';

-- `array_to_string` is only stable since some types print by settings; text does not.
CREATE FUNCTION search_join(text[]) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$ SELECT array_to_string($1, ' ') $$;
COMMENT ON FUNCTION search_join(text[]) IS 'The texts of a list as one text, for search.';

CREATE TABLE search_words (
    word text COLLATE "C" PRIMARY KEY
);
CREATE INDEX search_words_trgm_idx ON search_words USING gin (word gin_trgm_ops);
COMMENT ON TABLE search_words IS
    'Folded words of names, descriptions, ingredients and categories that were ever written: what a mistyped word may have meant.';

CREATE INDEX products_name_idx ON products (name, id) INCLUDE (is_active, stock_quantity);
CREATE INDEX products_price_idx ON products (price, id) INCLUDE (is_active, stock_quantity);
CREATE INDEX products_newest_idx ON products (created_at, id) INCLUDE (is_active, stock_quantity);
CREATE INDEX products_rating_idx ON products (rating_score, id) INCLUDE (is_active, stock_quantity);
CREATE INDEX products_filter_idx ON products (id) INCLUDE (is_active, stock_quantity, price);
CREATE INDEX products_stock_idx ON products (stock_quantity);
CREATE INDEX products_active_idx ON products (is_active);
CREATE INDEX products_name_trgm_idx ON products USING gin (name gin_trgm_ops);
CREATE INDEX products_description_trgm_idx ON products USING gin (description gin_trgm_ops);

-- For marking hits: PostgreSQL marks words of the text as it stands, so it has to take accents off by itself.
CREATE TEXT SEARCH CONFIGURATION search_marks (COPY = pg_catalog.english);
ALTER TEXT SEARCH CONFIGURATION search_marks
    ALTER MAPPING FOR word, hword, hword_part WITH unaccent, english_stem;
COMMENT ON TEXT SEARCH CONFIGURATION search_marks IS 'English without accents, for marking hits in texts.';

-- Letters that are not made of another one and an accent become what people write who lack them. Punctuation becomes
-- space, so that "egg/white" is two words and not the path of a file.
CREATE FUNCTION search_words_of(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN translate(
        replace(replace(replace(replace(search_fold($1), 'œ', 'oe'), 'æ', 'ae'), 'ß', 'ss'), 'þ', 'th'),
        'øłđðıς' || '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~',
        'olddiσ' || repeat(' ', 32));
COMMENT ON FUNCTION search_words_of(text) IS 'The words of a text in small letters, without accents and punctuation.';

-- As it is written and by its stems: what is typed so far may be longer than the stem of what is meant, as "monthl" is
-- longer than "month".
CREATE FUNCTION search_name_vector(text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN to_tsvector('pg_catalog.simple', search_words_of($1))
        || to_tsvector('pg_catalog.english', search_words_of($1));
COMMENT ON FUNCTION search_name_vector(text) IS 'The words of a name, as they are written and by their stems.';

CREATE TABLE product_names (
    id integer PRIMARY KEY REFERENCES products ON DELETE CASCADE,
    is_active boolean NOT NULL,
    stock_quantity integer NOT NULL,
    price numeric(10, 2) NOT NULL,
    rating_count integer NOT NULL,
    rating_score integer NOT NULL,
    words tsvector NOT NULL
) WITH (fillfactor = 85);
COMMENT ON TABLE product_names IS 'The words of names, with what searches filter and count by; kept by triggers.';
COMMENT ON COLUMN product_names.words IS 'As they are written and by their stems.';

CREATE TABLE product_words (LIKE product_names INCLUDING CONSTRAINTS);
-- Room for another state of a row beside it, so that a sale need not enter its words into the index again.
ALTER TABLE product_words SET (fillfactor = 85);
ALTER TABLE product_words
    ADD PRIMARY KEY (id),
    ADD FOREIGN KEY (id) REFERENCES products ON DELETE CASCADE;
COMMENT ON TABLE product_words IS 'All words of products, with what searches filter and count by; kept by triggers.';
COMMENT ON COLUMN product_words.words IS
    'A: name as in product_names, B: ingredients and categories, C: description, D: details.';

CREATE FUNCTION search_vector(product products) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN setweight(search_name_vector(product.name), 'A')
        || setweight(to_tsvector('pg_catalog.english',
            search_words_of(search_join(product.ingredients || product.category_names))), 'B')
        || setweight(to_tsvector('pg_catalog.english', search_words_of(product.description)), 'C')
        || setweight(to_tsvector('pg_catalog.english', search_words_of(product.details)), 'D');
COMMENT ON FUNCTION search_vector(products) IS 'All words of a product, as they stand in product_words.';

CREATE FUNCTION add_product_words() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO product_names
    SELECT id, is_active, stock_quantity, price, rating_count, rating_score, strip(search_name_vector(name))
    FROM made;
    INSERT INTO product_words
    SELECT id, is_active, stock_quantity, price, rating_count, rating_score, search_vector(made::products)
    FROM made;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION add_product_words() IS 'Adds new products to product_names and product_words.';

CREATE FUNCTION keep_product_words() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NEW.name IS DISTINCT FROM OLD.name THEN
        UPDATE product_names SET words = strip(search_name_vector(NEW.name)) WHERE id = NEW.id;
    END IF;
    UPDATE product_words SET words = search_vector(NEW) WHERE id = NEW.id;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION keep_product_words() IS 'Keeps the words of a product in product_names and product_words.';

CREATE FUNCTION keep_product_filters() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    UPDATE product_names
    SET is_active = NEW.is_active, stock_quantity = NEW.stock_quantity, price = NEW.price,
        rating_count = NEW.rating_count, rating_score = NEW.rating_score
    WHERE id = NEW.id;
    UPDATE product_words
    SET is_active = NEW.is_active, stock_quantity = NEW.stock_quantity, price = NEW.price,
        rating_count = NEW.rating_count, rating_score = NEW.rating_score
    WHERE id = NEW.id;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION keep_product_filters() IS 'Keeps what searches filter and count by in product_names and product_words.';

CREATE TRIGGER add_product_words
    AFTER INSERT ON products
    REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION add_product_words();
CREATE TRIGGER keep_product_words
    AFTER UPDATE OF name, description, details, ingredients, category_names ON products
    FOR EACH ROW
    WHEN ((OLD.name, OLD.description, OLD.details, OLD.ingredients, OLD.category_names)
        IS DISTINCT FROM (NEW.name, NEW.description, NEW.details, NEW.ingredients, NEW.category_names))
    EXECUTE FUNCTION keep_product_words();
CREATE TRIGGER keep_product_filters
    AFTER UPDATE OF is_active, stock_quantity, price, rating_counts ON products
    FOR EACH ROW EXECUTE FUNCTION keep_product_filters();

INSERT INTO product_names
SELECT id, is_active, stock_quantity, price, rating_count, rating_score, strip(search_name_vector(name))
FROM products;
INSERT INTO product_words
SELECT id, is_active, stock_quantity, price, rating_count, rating_score, search_vector(products)
FROM products;

INSERT INTO search_words (word)
SELECT DISTINCT word
FROM (
    SELECT search_join(ARRAY[name, description, details]::text[] || ingredients || category_names) AS text FROM products
    UNION ALL SELECT name FROM categories
) shown, unnest(tsvector_to_array(to_tsvector('pg_catalog.simple', search_words_of(shown.text)))) word
WHERE word ~ '[^0-9]'
ORDER BY word;
COMMENT ON TABLE search_words IS
    'Folded words of products and categories that were ever written: what a mistyped word may have meant, and what a beginning may become.';

-- Without a list of pending entries, which each search would read through.
CREATE INDEX product_names_words_idx ON product_names USING gin (words) WITH (fastupdate = off);
CREATE INDEX product_words_words_idx ON product_words USING gin (words) WITH (fastupdate = off);
-- Where most products are hits, the best rated are met soon.
CREATE INDEX product_names_rating_idx ON product_names (rating_score DESC, id);
CREATE INDEX product_words_rating_idx ON product_words (rating_score DESC, id);
CREATE INDEX products_name_beginning_idx ON products (lower(name), id) INCLUDE (is_active);
ANALYZE product_names, product_words, search_words;


-- Which products match is known by the servers themselves from here on: they read products by id and slug alone.
DROP TRIGGER add_product_words ON products;
DROP TRIGGER keep_product_words ON products;
DROP TRIGGER keep_product_filters ON products;
DROP FUNCTION add_product_words();
DROP FUNCTION keep_product_words();
DROP FUNCTION keep_product_filters();
DROP FUNCTION search_vector(products);
DROP TABLE product_names, product_words, search_words;
DROP FUNCTION search_name_vector(text);
DROP FUNCTION search_words_of(text);
DROP FUNCTION search_join(text[]);
DROP FUNCTION search_fold(text);
DROP TEXT SEARCH CONFIGURATION search_marks;

-- The orders and filters of lists. Each sale had to enter its product into most of them again.
DROP INDEX products_name_idx, products_price_idx, products_newest_idx, products_rating_idx, products_filter_idx,
    products_stock_idx, products_active_idx, products_name_trgm_idx, products_description_trgm_idx,
    products_name_beginning_idx;

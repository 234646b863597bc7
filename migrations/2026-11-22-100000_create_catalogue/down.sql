-- The extension stays: another user of the database may need it.
DROP TABLE search_words;
DROP TABLE product_categories;
DROP TABLE products;
DROP TABLE categories;
DROP FUNCTION search_join(text[]);
DROP FUNCTION search_fold(text);

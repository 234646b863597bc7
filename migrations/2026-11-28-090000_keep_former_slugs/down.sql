ALTER TABLE categories DROP COLUMN version;
DROP TRIGGER keep_former_slug ON products;
DROP TRIGGER take_slug_from_former ON products;
DROP FUNCTION keep_former_slug();
DROP FUNCTION take_slug_from_former();
DROP TABLE former_slugs;

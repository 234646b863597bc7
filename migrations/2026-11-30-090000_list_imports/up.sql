-- A page of imports, newest first, reads as many rows as it shows.
CREATE INDEX imports_created_at_idx ON imports (created_at, id);

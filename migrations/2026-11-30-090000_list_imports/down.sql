DROP INDEX imports_created_at_idx;

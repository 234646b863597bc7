-- Imports: files of products that are received, read and written in the background.
CREATE TABLE imports (
    id uuid PRIMARY KEY,
    format text COLLATE "C" NOT NULL,
    mode text COLLATE "C" NOT NULL CHECK (mode IN ('upsert', 'create', 'update')),
    is_dry_run boolean NOT NULL,
    status text COLLATE "C" NOT NULL DEFAULT 'receiving'
        CHECK (status IN ('receiving', 'running', 'done', 'failed', 'cancelled')),
    header text[] NOT NULL DEFAULT '{}',
    chunks integer NOT NULL DEFAULT 0,
    rows bigint,
    done bigint NOT NULL DEFAULT 0,
    created bigint NOT NULL DEFAULT 0,
    updated bigint NOT NULL DEFAULT 0,
    unchanged bigint NOT NULL DEFAULT 0,
    failed bigint NOT NULL DEFAULT 0,
    failure text,
    lease uuid,
    leased_until timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    actor_kind actor_kind NOT NULL,
    actor_id text COLLATE "C",
    actor_name text,
    request_id text COLLATE "C",
    created_at timestamptz NOT NULL DEFAULT now(),
    queued_at timestamptz,
    finished_at timestamptz,
    CONSTRAINT imports_done_check CHECK (done = created + updated + unchanged + failed),
    CONSTRAINT imports_finished_at_check CHECK ((finished_at IS NOT NULL) = (status IN ('done', 'failed', 'cancelled'))),
    CONSTRAINT imports_failure_check CHECK ((failure IS NOT NULL) = (status = 'failed'))
);
CREATE INDEX imports_running_idx ON imports (queued_at, id) WHERE status = 'running';
COMMENT ON TABLE imports IS 'Imports of files of products, for 30 days after their end.';
COMMENT ON COLUMN imports.format IS 'The requested format of the file, then the one that was found.';
COMMENT ON COLUMN imports.header IS 'The names of the columns of the file.';
COMMENT ON COLUMN imports.chunks IS 'The number of chunks, once all have arrived.';
COMMENT ON COLUMN imports.rows IS 'The number of rows of the file, once it is known.';
COMMENT ON COLUMN imports.done IS 'The number of rows that were read and counted. They are never read again.';
COMMENT ON COLUMN imports.failure IS 'Why the file can''t be read on, for people.';
COMMENT ON COLUMN imports.lease IS 'The last claim. Only the server that made it writes rows.';
COMMENT ON COLUMN imports.leased_until IS 'From then on, another server may claim the import.';
COMMENT ON COLUMN imports.attempts IS 'The number of claims since the last batch was made.';
COMMENT ON COLUMN imports.queued_at IS 'When the file had arrived. Imports run in this order.';
COMMENT ON COLUMN imports.actor_kind IS 'Who created the import, and so makes its changes.';

-- Compressed, as text is: a file takes a fifth of its size.
CREATE TABLE import_chunks (
    import_id uuid NOT NULL REFERENCES imports ON DELETE CASCADE,
    number integer NOT NULL CHECK (number >= 0),
    bytes bytea NOT NULL CHECK (octet_length(bytes) <= 1048576),
    PRIMARY KEY (import_id, number)
);
COMMENT ON TABLE import_chunks IS 'The files of imports. Those of imports that have ended are deleted soon.';

CREATE TABLE import_errors (
    import_id uuid NOT NULL REFERENCES imports ON DELETE CASCADE,
    position bigint NOT NULL,
    row_number bigint NOT NULL,
    cells jsonb NOT NULL,
    errors jsonb NOT NULL,
    PRIMARY KEY (import_id, position)
);
COMMENT ON TABLE import_errors IS 'The rows of imports that were refused.';
COMMENT ON COLUMN import_errors.position IS 'The position of the row among those that were read, from 1.';
COMMENT ON COLUMN import_errors.row_number IS 'The number of the row in the file.';
COMMENT ON COLUMN import_errors.cells IS 'The cells of the row, in the order of the header.';
COMMENT ON COLUMN import_errors.errors IS 'Triples of a column, its value and what is wrong with it.';

CREATE TABLE import_differences (
    import_id uuid NOT NULL REFERENCES imports ON DELETE CASCADE,
    position bigint NOT NULL,
    row_number bigint NOT NULL,
    slug text NOT NULL,
    action text COLLATE "C" NOT NULL CHECK (action IN ('created', 'updated')),
    changes jsonb NOT NULL,
    PRIMARY KEY (import_id, position)
);
COMMENT ON TABLE import_differences IS 'What the first rows of dry runs would change.';
COMMENT ON COLUMN import_differences.changes IS 'Triples of a field, its JSON before and its JSON after.';

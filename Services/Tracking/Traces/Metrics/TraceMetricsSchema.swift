internal import Database

/// The schema for metric queries: names, sessions and tokens of traces as columns that the time index covers, spans without their
/// content in the order of their traces' times, and assessments by their traces' times.
///
/// On SQLite, reading a trace's row is much slower than reading its index entry, and a span's content between the columns has the
/// same effect. On both databases, joining the tables takes longer than reading and grouping the rows.
enum TraceMetricsSchema {
    static let migration = Migration("figures of traces and spans", sqlite: sqlite, postgresql: postgresql)

    /// An assessment's `figure` is its value as a number; `true` and "yes" count as 1, `false` and "no" as 0. `trace_metrics_fill`
    /// contains the highest row ID of the traces that still lack these columns (`TraceMetricsBackfill`).
    private static let sqlite: StaticString = """
        ALTER TABLE traces ADD COLUMN name TEXT;
        ALTER TABLE traces ADD COLUMN session TEXT;
        ALTER TABLE traces ADD COLUMN input_tokens BIGINT;
        ALTER TABLE traces ADD COLUMN output_tokens BIGINT;
        ALTER TABLE traces ADD COLUMN total_tokens BIGINT;
        ALTER TABLE traces ADD COLUMN cache_read_input_tokens BIGINT;
        ALTER TABLE traces ADD COLUMN cache_creation_input_tokens BIGINT;
        DROP INDEX traces_by_time;
        CREATE INDEX traces_by_time ON traces (
            experiment_id, timestamp DESC, trace_id, state, duration, name, session, input_tokens, output_tokens, total_tokens,
            cache_read_input_tokens, cache_creation_input_tokens);
        CREATE TABLE span_metrics (
            experiment_id BIGINT NOT NULL,
            trace_time BIGINT NOT NULL,
            trace_id BIGINT NOT NULL,
            span_id TEXT NOT NULL,
            name TEXT NOT NULL,
            type TEXT NOT NULL,
            status TEXT NOT NULL,
            start_time BIGINT NOT NULL,
            end_time BIGINT NOT NULL,
            input_cost DOUBLE PRECISION,
            output_cost DOUBLE PRECISION,
            total_cost DOUBLE PRECISION,
            model TEXT,
            provider TEXT,
            PRIMARY KEY (experiment_id, trace_time, trace_id, span_id)) WITHOUT ROWID;
        CREATE INDEX span_costs ON span_metrics (experiment_id, start_time, input_cost, output_cost, total_cost, model, provider)
            WHERE input_cost IS NOT NULL OR output_cost IS NOT NULL OR total_cost IS NOT NULL;
        ALTER TABLE assessments ADD COLUMN experiment_id BIGINT;
        ALTER TABLE assessments ADD COLUMN trace_time BIGINT;
        ALTER TABLE assessments ADD COLUMN figure DOUBLE PRECISION GENERATED ALWAYS AS (
            CASE WHEN number IS NOT NULL THEN number WHEN kind = 'issue' OR LENGTH(value) > 64 THEN NULL
                WHEN value = 'true' OR LOWER(TRIM(TRIM(value, '"'))) = 'yes' THEN 1.0
                WHEN value = 'false' OR LOWER(TRIM(TRIM(value, '"'))) = 'no' THEN 0.0 END) VIRTUAL;
        CREATE INDEX assessments_by_time ON assessments (experiment_id, trace_time, name, figure, valid, kind);
        CREATE TABLE trace_metrics_fill (position BIGINT NOT NULL);
        INSERT INTO trace_metrics_fill (position) SELECT COALESCE(MAX(id), 0) FROM traces
        """

    private static let postgresql: StaticString = """
        ALTER TABLE traces ADD COLUMN name TEXT;
        ALTER TABLE traces ADD COLUMN session TEXT;
        ALTER TABLE traces ADD COLUMN input_tokens BIGINT;
        ALTER TABLE traces ADD COLUMN output_tokens BIGINT;
        ALTER TABLE traces ADD COLUMN total_tokens BIGINT;
        ALTER TABLE traces ADD COLUMN cache_read_input_tokens BIGINT;
        ALTER TABLE traces ADD COLUMN cache_creation_input_tokens BIGINT;
        DROP INDEX traces_by_time;
        CREATE INDEX traces_by_time ON traces (experiment_id, timestamp DESC, trace_id) INCLUDE (
            id, state, duration, name, session, input_tokens, output_tokens, total_tokens, cache_read_input_tokens,
            cache_creation_input_tokens);
        CREATE TABLE span_metrics (
            experiment_id BIGINT NOT NULL,
            trace_time BIGINT NOT NULL,
            trace_id BIGINT NOT NULL,
            span_id TEXT NOT NULL,
            name TEXT NOT NULL,
            type TEXT NOT NULL,
            status TEXT NOT NULL,
            start_time BIGINT NOT NULL,
            end_time BIGINT NOT NULL,
            input_cost DOUBLE PRECISION,
            output_cost DOUBLE PRECISION,
            total_cost DOUBLE PRECISION,
            model TEXT,
            provider TEXT,
            PRIMARY KEY (experiment_id, trace_time, trace_id, span_id));
        CREATE INDEX span_costs ON span_metrics (experiment_id, start_time)
            WHERE input_cost IS NOT NULL OR output_cost IS NOT NULL OR total_cost IS NOT NULL;
        ALTER TABLE assessments ADD COLUMN experiment_id BIGINT;
        ALTER TABLE assessments ADD COLUMN trace_time BIGINT;
        ALTER TABLE assessments ADD COLUMN figure DOUBLE PRECISION GENERATED ALWAYS AS (
            CASE WHEN number IS NOT NULL THEN number WHEN kind = 'issue' OR LENGTH(value) > 64 THEN NULL
                WHEN value = 'true' OR LOWER(TRIM(TRIM(value, '"'))) = 'yes' THEN 1.0
                WHEN value = 'false' OR LOWER(TRIM(TRIM(value, '"'))) = 'no' THEN 0.0 END) STORED;
        CREATE INDEX assessments_by_time ON assessments (experiment_id, trace_time);
        CREATE TABLE trace_metrics_fill (position BIGINT NOT NULL);
        INSERT INTO trace_metrics_fill (position) SELECT COALESCE(MAX(id), 0) FROM traces
        """
}

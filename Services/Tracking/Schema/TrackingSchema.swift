internal import Database

/// Migrations of the tracking service's schema. Timestamps are in milliseconds since the Unix epoch; flags are 0 or 1.
///
/// Tables with many writes use row IDs of runs and key IDs. SQLite clusters them by these IDs (`WITHOUT ROWID`), so that the data
/// of a run is adjacent. The indexes by key are for run search. Each covers the columns that a filter or an order reads as a range,
/// except for metrics on PostgreSQL (`latestMetricsInPlace`). PostgreSQL can't index strings longer than 2.7 kB, so its indexes
/// contain only their beginning.
enum TrackingSchema {
    static let migrations: [Migration] = [
        Migration("experiments, runs, logged data and models", sqlite: sqlite, postgresql: postgresql),
        Migration("removals", sqlite: removals, postgresql: removals),
        Migration("latest metrics change in place", sqlite: "", postgresql: latestMetricsInPlace),
        Migration("fresh metrics", sqlite: freshMetrics, postgresql: ""),
        TraceSchema.migration,
        TraceMetricsSchema.migration,
    ]

    /// Points that aren't in `metrics` yet (`StagedPoints`). A row contains the points of one request and run, encoded with
    /// `PointCodec`, under the key and rank of the first.
    private static let freshMetrics: StaticString = """
        CREATE TABLE fresh_metrics (
            run_id BIGINT NOT NULL,
            key_id BIGINT NOT NULL,
            rank BIGINT NOT NULL,
            points BLOB NOT NULL,
            PRIMARY KEY (run_id, key_id, rank)) WITHOUT ROWID
        """

    /// Enables heap-only tuple (HOT) updates. PostgreSQL writes an updated row as a new version, and to every index if the page is
    /// full or an indexed column has changed. Every logged point updates its metric's row, so pages keep free space and no index
    /// contains the value.
    private static let latestMetricsInPlace: StaticString = """
        DROP INDEX latest_metrics_by_key;
        CREATE INDEX latest_metrics_by_key ON latest_metrics (key_id, run_id);
        ALTER TABLE latest_metrics SET (fillfactor = 60)
        """

    private static let removals: StaticString = """
        CREATE TABLE removals (
            kind TEXT NOT NULL,
            target TEXT NOT NULL);
        CREATE INDEX logged_model_metrics_by_run ON logged_model_metrics (run_id)
        """

    private static let sqlite: StaticString = """
        CREATE TABLE experiments (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL UNIQUE,
            artifact_location TEXT NOT NULL,
            lifecycle_stage TEXT NOT NULL,
            creation_time BIGINT NOT NULL,
            last_update_time BIGINT NOT NULL);
        CREATE TABLE experiment_tags (
            experiment_id BIGINT NOT NULL,
            key TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (experiment_id, key)) WITHOUT ROWID;

        CREATE TABLE keys (
            id INTEGER PRIMARY KEY,
            experiment_id BIGINT NOT NULL,
            name TEXT NOT NULL,
            UNIQUE (experiment_id, name));

        CREATE TABLE runs (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            run_uuid TEXT NOT NULL UNIQUE,
            experiment_id BIGINT NOT NULL,
            name TEXT NOT NULL,
            user_id TEXT NOT NULL,
            status TEXT NOT NULL,
            start_time BIGINT NOT NULL,
            end_time BIGINT,
            artifact_uri TEXT NOT NULL,
            lifecycle_stage TEXT NOT NULL,
            deleted_time BIGINT);
        CREATE INDEX runs_by_start ON runs (experiment_id, lifecycle_stage, start_time DESC, run_uuid);

        CREATE TABLE metrics (
            run_id BIGINT NOT NULL,
            key_id BIGINT NOT NULL,
            step BIGINT NOT NULL,
            timestamp BIGINT NOT NULL,
            value DOUBLE PRECISION NOT NULL,
            is_nan BIGINT NOT NULL,
            PRIMARY KEY (run_id, key_id, step, timestamp, value, is_nan)) WITHOUT ROWID;
        CREATE TABLE latest_metrics (
            run_id BIGINT NOT NULL,
            key_id BIGINT NOT NULL,
            value DOUBLE PRECISION NOT NULL,
            is_nan BIGINT NOT NULL,
            timestamp BIGINT NOT NULL,
            step BIGINT NOT NULL,
            points BIGINT NOT NULL,
            in_order BIGINT NOT NULL,
            PRIMARY KEY (run_id, key_id)) WITHOUT ROWID;
        CREATE INDEX latest_metrics_by_key ON latest_metrics (key_id, run_id, value, is_nan);
        CREATE TABLE metric_marks (
            run_id BIGINT NOT NULL,
            key_id BIGINT NOT NULL,
            rank BIGINT NOT NULL,
            step BIGINT NOT NULL,
            timestamp BIGINT NOT NULL,
            value DOUBLE PRECISION NOT NULL,
            is_nan BIGINT NOT NULL,
            PRIMARY KEY (run_id, key_id, rank)) WITHOUT ROWID;
        CREATE TABLE params (
            run_id BIGINT NOT NULL,
            key_id BIGINT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (run_id, key_id)) WITHOUT ROWID;
        CREATE INDEX params_by_value ON params (key_id, value, run_id);
        CREATE TABLE tags (
            run_id BIGINT NOT NULL,
            key_id BIGINT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (run_id, key_id)) WITHOUT ROWID;
        CREATE INDEX tags_by_value ON tags (key_id, value, run_id);

        CREATE TABLE datasets (
            id INTEGER PRIMARY KEY,
            experiment_id BIGINT NOT NULL,
            name TEXT NOT NULL,
            digest TEXT NOT NULL,
            source_type TEXT NOT NULL,
            source TEXT NOT NULL,
            schema TEXT,
            profile TEXT,
            UNIQUE (experiment_id, name, digest));
        CREATE TABLE run_inputs (
            run_id BIGINT NOT NULL,
            dataset_id BIGINT NOT NULL,
            PRIMARY KEY (run_id, dataset_id)) WITHOUT ROWID;
        CREATE INDEX run_inputs_by_dataset ON run_inputs (dataset_id, run_id);
        CREATE TABLE run_input_tags (
            run_id BIGINT NOT NULL,
            dataset_id BIGINT NOT NULL,
            key TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (run_id, dataset_id, key)) WITHOUT ROWID;
        CREATE TABLE run_model_inputs (
            run_id BIGINT NOT NULL,
            model_id TEXT NOT NULL,
            PRIMARY KEY (run_id, model_id)) WITHOUT ROWID;
        CREATE TABLE run_model_outputs (
            run_id BIGINT NOT NULL,
            model_id TEXT NOT NULL,
            step BIGINT NOT NULL,
            PRIMARY KEY (run_id, model_id)) WITHOUT ROWID;

        CREATE TABLE logged_models (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            model_id TEXT NOT NULL UNIQUE,
            experiment_id BIGINT NOT NULL,
            name TEXT NOT NULL,
            artifact_uri TEXT NOT NULL,
            creation_time BIGINT NOT NULL,
            last_update_time BIGINT NOT NULL,
            status BIGINT NOT NULL,
            lifecycle_stage TEXT NOT NULL,
            model_type TEXT NOT NULL,
            source_run_id TEXT NOT NULL,
            status_message TEXT,
            deleted_time BIGINT);
        CREATE INDEX logged_models_by_creation ON logged_models (experiment_id, lifecycle_stage, creation_time DESC, model_id);
        CREATE TABLE logged_model_params (
            model_id BIGINT NOT NULL,
            key TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (model_id, key)) WITHOUT ROWID;
        CREATE TABLE logged_model_tags (
            model_id BIGINT NOT NULL,
            key TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (model_id, key)) WITHOUT ROWID;
        CREATE TABLE logged_model_metrics (
            model_id BIGINT NOT NULL,
            key TEXT NOT NULL,
            timestamp BIGINT NOT NULL,
            step BIGINT NOT NULL,
            run_id BIGINT NOT NULL,
            value DOUBLE PRECISION NOT NULL,
            is_nan BIGINT NOT NULL,
            dataset_name TEXT NOT NULL,
            dataset_digest TEXT NOT NULL,
            PRIMARY KEY (model_id, key, timestamp, step, run_id, value, is_nan)) WITHOUT ROWID
        """

    private static let postgresql: StaticString = """
        CREATE TABLE experiments (
            id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            artifact_location TEXT NOT NULL,
            lifecycle_stage TEXT NOT NULL,
            creation_time BIGINT NOT NULL,
            last_update_time BIGINT NOT NULL);
        CREATE TABLE experiment_tags (
            experiment_id BIGINT NOT NULL,
            key TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (experiment_id, key));

        CREATE TABLE keys (
            id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
            experiment_id BIGINT NOT NULL,
            name TEXT NOT NULL,
            UNIQUE (experiment_id, name));

        CREATE TABLE runs (
            id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
            run_uuid TEXT NOT NULL UNIQUE,
            experiment_id BIGINT NOT NULL,
            name TEXT NOT NULL,
            user_id TEXT NOT NULL,
            status TEXT NOT NULL,
            start_time BIGINT NOT NULL,
            end_time BIGINT,
            artifact_uri TEXT NOT NULL,
            lifecycle_stage TEXT NOT NULL,
            deleted_time BIGINT);
        CREATE INDEX runs_by_start ON runs (experiment_id, lifecycle_stage, start_time DESC, run_uuid);

        CREATE TABLE metrics (
            run_id BIGINT NOT NULL,
            key_id BIGINT NOT NULL,
            step BIGINT NOT NULL,
            timestamp BIGINT NOT NULL,
            value DOUBLE PRECISION NOT NULL,
            is_nan BIGINT NOT NULL,
            PRIMARY KEY (run_id, key_id, step, timestamp, value, is_nan));
        CREATE TABLE latest_metrics (
            run_id BIGINT NOT NULL,
            key_id BIGINT NOT NULL,
            value DOUBLE PRECISION NOT NULL,
            is_nan BIGINT NOT NULL,
            timestamp BIGINT NOT NULL,
            step BIGINT NOT NULL,
            points BIGINT NOT NULL,
            in_order BIGINT NOT NULL,
            PRIMARY KEY (run_id, key_id));
        CREATE INDEX latest_metrics_by_key ON latest_metrics (key_id, run_id, value, is_nan);
        CREATE TABLE metric_marks (
            run_id BIGINT NOT NULL,
            key_id BIGINT NOT NULL,
            rank BIGINT NOT NULL,
            step BIGINT NOT NULL,
            timestamp BIGINT NOT NULL,
            value DOUBLE PRECISION NOT NULL,
            is_nan BIGINT NOT NULL,
            PRIMARY KEY (run_id, key_id, rank));
        CREATE TABLE params (
            run_id BIGINT NOT NULL,
            key_id BIGINT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (run_id, key_id));
        CREATE INDEX params_by_value ON params (key_id, left(value, 256));
        CREATE TABLE tags (
            run_id BIGINT NOT NULL,
            key_id BIGINT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (run_id, key_id));
        CREATE INDEX tags_by_value ON tags (key_id, left(value, 256));

        CREATE TABLE datasets (
            id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
            experiment_id BIGINT NOT NULL,
            name TEXT NOT NULL,
            digest TEXT NOT NULL,
            source_type TEXT NOT NULL,
            source TEXT NOT NULL,
            schema TEXT,
            profile TEXT,
            UNIQUE (experiment_id, name, digest));
        CREATE TABLE run_inputs (
            run_id BIGINT NOT NULL,
            dataset_id BIGINT NOT NULL,
            PRIMARY KEY (run_id, dataset_id));
        CREATE INDEX run_inputs_by_dataset ON run_inputs (dataset_id, run_id);
        CREATE TABLE run_input_tags (
            run_id BIGINT NOT NULL,
            dataset_id BIGINT NOT NULL,
            key TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (run_id, dataset_id, key));
        CREATE TABLE run_model_inputs (
            run_id BIGINT NOT NULL,
            model_id TEXT NOT NULL,
            PRIMARY KEY (run_id, model_id));
        CREATE TABLE run_model_outputs (
            run_id BIGINT NOT NULL,
            model_id TEXT NOT NULL,
            step BIGINT NOT NULL,
            PRIMARY KEY (run_id, model_id));

        CREATE TABLE logged_models (
            id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
            model_id TEXT NOT NULL UNIQUE,
            experiment_id BIGINT NOT NULL,
            name TEXT NOT NULL,
            artifact_uri TEXT NOT NULL,
            creation_time BIGINT NOT NULL,
            last_update_time BIGINT NOT NULL,
            status BIGINT NOT NULL,
            lifecycle_stage TEXT NOT NULL,
            model_type TEXT NOT NULL,
            source_run_id TEXT NOT NULL,
            status_message TEXT,
            deleted_time BIGINT);
        CREATE INDEX logged_models_by_creation ON logged_models (experiment_id, lifecycle_stage, creation_time DESC, model_id);
        CREATE TABLE logged_model_params (
            model_id BIGINT NOT NULL,
            key TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (model_id, key));
        CREATE TABLE logged_model_tags (
            model_id BIGINT NOT NULL,
            key TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (model_id, key));
        CREATE TABLE logged_model_metrics (
            model_id BIGINT NOT NULL,
            key TEXT NOT NULL,
            timestamp BIGINT NOT NULL,
            step BIGINT NOT NULL,
            run_id BIGINT NOT NULL,
            value DOUBLE PRECISION NOT NULL,
            is_nan BIGINT NOT NULL,
            dataset_name TEXT NOT NULL,
            dataset_digest TEXT NOT NULL,
            PRIMARY KEY (model_id, key, timestamp, step, run_id, value, is_nan))
        """
}

/// A named step from one version of a service's schema to the next. The list of a service's migrations is append-only.
package struct Migration: Sendable {
    /// The name in the ledger, unique among the service's migrations.
    package var name: String
    /// The statements for each engine; they differ only in storage details (`WITHOUT ROWID`).
    package var sqlite: StaticString
    package var postgresql: StaticString

    package init(_ name: String, sqlite: StaticString, postgresql: StaticString) {
        self.name = name
        self.sqlite = sqlite
        self.postgresql = postgresql
    }
}

extension Database {
    /// Applies the pending `migrations` and records each under `service` in the ledger table `unladen_migrations`.
    ///
    /// Runs under a lock, so that replicas that start together migrate once.
    ///
    /// - Throws: `DatabaseError` of kind `newerSchema` when the ledger contains a migration that this program doesn't know.
    package func migrate(service: String, _ migrations: [Migration]) async throws {
        try await write { connection in
            try connection.lockForMigration()
            try connection.execute(
                """
                CREATE TABLE IF NOT EXISTS unladen_migrations (
                    service TEXT NOT NULL, name TEXT NOT NULL, position BIGINT NOT NULL, PRIMARY KEY (service, name))
                """)
            let done = try connection.rows("SELECT name FROM unladen_migrations WHERE service = \(service) ORDER BY position") {
                $0.text(0)
            }
            let known = migrations.map(\.name)
            guard done.count <= known.count, done == Array(known.prefix(done.count)) else {
                let unknown = done.first { !known.contains($0) } ?? done.last ?? ""
                throw DatabaseError(
                    .newerSchema,
                    "the database's \(service) schema includes the migration '\(unknown)', which is unknown to this version of the program")
            }
            for (position, migration) in migrations.enumerated().dropFirst(done.count) {
                try connection.executeScript(connection.dialect == .sqlite ? migration.sqlite : migration.postgresql)
                try connection.execute(
                    "INSERT INTO unladen_migrations (service, name, position) VALUES (\(service), \(migration.name), \(position))")
            }
        }
    }
}

extension Connection {
    /// Takes an advisory lock until the transaction ends, on PostgreSQL. SQLite's write transactions are exclusive anyway.
    fileprivate func lockForMigration() throws {
        if dialect == .postgresql {
            // Creating an index on a large table may take longer than the standard timeout.
            try execute("SET LOCAL statement_timeout = 0")
            // The number is arbitrary: the ASCII codes of "unladen".
            try query("SELECT pg_advisory_xact_lock(\(0x75_6e_6c_61_64_65_6e as Int64))") { _ in }
        }
    }
}

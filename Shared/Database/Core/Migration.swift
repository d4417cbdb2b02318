/// A named step from one version of a service's schema to the next. Steps are only ever added at the end of their list.
package struct Migration: Sendable {
    package var name: String
    /// The statements for each engine; they are the same but for storage details (`WITHOUT ROWID`).
    package var sqlite: StaticString
    package var postgresql: StaticString

    package init(_ name: String, sqlite: StaticString, postgresql: StaticString) {
        self.name = name
        self.sqlite = sqlite
        self.postgresql = postgresql
    }
}

extension Database {
    /// Brings the schema up to the last of `migrations`, each step in the ledger table `unladen_migrations` under `service`.
    ///
    /// Runs under a lock, so replicas that start together migrate once. Throws `newerSchema` when the ledger holds a step that
    /// this program doesn't know.
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
                    "the database's \(service) schema has the step '\(unknown)', which this version of the program doesn't know")
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
    /// SQLite's write transaction is exclusive by itself; PostgreSQL takes an advisory lock that ends with the transaction.
    fileprivate func lockForMigration() throws {
        if dialect == .postgresql {
            // Making an index of a large table takes as long as it takes.
            try execute("SET LOCAL statement_timeout = 0")
            // The number is arbitrary: the letters of "unladen".
            try query("SELECT pg_advisory_xact_lock(\(0x75_6e_6c_61_64_65_6e as Int64))") { _ in }
        }
    }
}

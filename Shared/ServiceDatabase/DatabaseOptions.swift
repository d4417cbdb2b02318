package import ArgumentParser
package import Database
internal import Foundation
internal import PostgreSQLDatabase
internal import SQLiteDatabase
internal import SafeText
internal import ServiceKit

/// The flags that select a service's database.
package struct DatabaseOptions: ParsableArguments, Sendable {
    @Option(
        help: """
            Database URI: sqlite:///FILE (four slashes for an absolute path) or postgresql://USER:PASSWORD@HOST:PORT/NAME. \
            [UNLADEN_BACKEND_STORE_URI, MLFLOW_BACKEND_STORE_URI]
            """)
    package var backendStoreUri: String?

    @Option(
        help: """
            Maximum number of database connections, half of them for searches. PostgreSQL uses one more for probes. \
            [UNLADEN_DATABASE_CONNECTIONS]
            """)
    package var databaseConnections: Int = .environment("UNLADEN_DATABASE_CONNECTIONS") ?? 8

    package init() {}

    package mutating func validate() throws {
        try Int.checkEnvironment("UNLADEN_DATABASE_CONNECTIONS", "a number between 2 and 1000")
        guard (2...1000).contains(databaseConnections) else {
            throw ValidationError("--database-connections must be between 2 and 1000, not \(databaseConnections).")
        }
    }

    /// Opens the database.
    ///
    /// - Parameter file: the path of the SQLite database when no URI is given, relative to the working directory.
    /// - Throws: `ConfigurationError` for an unsupported URI, `DatabaseError` when the database can't be opened.
    package func open(default file: String) throws -> any Database {
        let uri =
            backendStoreUri ?? Environment["UNLADEN_BACKEND_STORE_URI", "MLFLOW_BACKEND_STORE_URI"]
            ?? "sqlite:///\(file)"
        guard let separator = uri.range(of: "://") else {
            throw ConfigurationError("--backend-store-uri must begin with sqlite:/// or postgresql://, not '\(uri.withoutCredentials)'.")
        }
        // SQLAlchemy URIs may name a driver: postgresql+psycopg2://
        switch uri[..<separator.lowerBound].prefix(while: { $0 != "+" }) {
        case "sqlite":
            let path = uri[separator.upperBound...]
            guard path.hasPrefix("/"), path.count > 1 else {
                throw ConfigurationError(
                    "--backend-store-uri must be sqlite:///FILE, with three slashes and a path, not '\(uri.withoutCredentials)'.")
            }
            return try SQLiteDatabase(path: String(path.dropFirst()), scanners: min(databaseConnections, 2))
        case "postgresql", "postgres":
            return PostgreSQLDatabase(
                uri: "postgresql://" + uri[separator.upperBound...], connections: databaseConnections)
        default:
            throw ConfigurationError("--backend-store-uri supports only sqlite:/// and postgresql://, not '\(uri.withoutCredentials)'.")
        }
    }
}

package import Database
internal import Foundation
internal import PostgreSQLDatabase
internal import SQLiteDatabase
internal import SafeText
internal import ServiceKit

/// The database of an MLflow server (2.x or 3.x), opened read-only.
package struct MLflowSource: Sendable {
    /// The read-only database.
    package let database: any Database
    /// Identifies the database, without a user or password.
    let name: String
    private let redactedURI: String

    /// Opens the database in `--from` or in `UNLADEN_IMPORT_FROM`, which keeps a password out of the process list.
    ///
    /// - Throws: `ConfigurationError` when the URI is missing or unsupported, `DatabaseError` when the database can't be opened.
    package init(flag: String?) throws {
        guard let uri = flag ?? Environment["UNLADEN_IMPORT_FROM"] else {
            throw ConfigurationError("--from is required: the URI of MLflow's database.")
        }
        try self.init(uri: uri)
    }

    /// - Parameter uri: `sqlite:///FILE` or `postgresql://…`, as MLflow's own `--backend-store-uri`.
    /// - Throws: `ConfigurationError` when the URI is unsupported or the file doesn't exist, `DatabaseError` when the database can't be
    ///   opened.
    package init(uri: String) throws {
        guard let separator = uri.range(of: "://") else {
            throw ConfigurationError("--from must begin with sqlite:/// or postgresql://, not '\(uri.withoutCredentials)'.")
        }
        redactedURI = uri.withoutCredentials
        let rest = uri[separator.upperBound...]
        name = rest.lastIndex(of: "@").map { String(rest[rest.index(after: $0)...]) } ?? String(rest)
        // SQLAlchemy URIs may name a driver: postgresql+psycopg2://
        switch uri[..<separator.lowerBound].prefix(while: { $0 != "+" }) {
        case "sqlite":
            let path = String(rest.dropFirst().prefix { $0 != "?" })
            guard rest.hasPrefix("/"), FileManager.default.fileExists(atPath: path) else {
                throw ConfigurationError("--from: the file '\(path)' doesn't exist.")
            }
            database = try SQLiteDatabase(readOnlyFile: path)
        case "postgresql", "postgres":
            database = PostgreSQLDatabase(uri: "postgresql://" + rest, connections: 2, statementTimeout: nil)
        default:
            throw ConfigurationError("--from supports only sqlite:/// and postgresql://, not '\(uri.withoutCredentials)'.")
        }
    }

    /// A table with the columns that exist in this version of MLflow; `nil` when the table doesn't exist.
    package func table(_ name: StaticString) async throws -> SourceTable? {
        let columns = try await database.read { connection in
            try connection.rows(connection.dialect.columns(of: name.description)) { $0.text(0) }
        }
        return columns.isEmpty ? nil : SourceTable(name: SQL(stringLiteral: name), columns: Set(columns), database: database)
    }

    /// Checks that the database has MLflow's tables, so that a wrong URI isn't mistaken for a server without data.
    ///
    /// - Throws: `ConfigurationError` when it doesn't, `DatabaseError`.
    package func check() async throws {
        guard try await table("alembic_version") != nil, try await table("experiments") != nil else {
            throw ConfigurationError("--from: '\(redactedURI)' isn't the database of an MLflow server: it lacks MLflow's tables.")
        }
    }

    /// The number of rows of a table; 0 if it doesn't exist.
    package func rowCount(of name: StaticString) async throws -> Int64 {
        guard try await table(name) != nil else { return 0 }
        return try await database.read { try $0.first("SELECT COUNT(*) FROM \(SQL(stringLiteral: name))") { $0.int(0) } ?? 0 }
    }

    /// Closes the database.
    package func close() async {
        await database.close()
    }
}

extension Dialect {
    /// A statement that lists the names of a table's columns. Returns no rows when the table doesn't exist.
    fileprivate func columns(of table: String) -> SQL {
        switch self {
        case .sqlite: "SELECT name FROM pragma_table_info(\(table))"
        case .postgresql:
            """
            SELECT attname::text FROM pg_attribute WHERE attrelid = to_regclass(\(table)) AND attnum > 0 AND NOT attisdropped
            """
        }
    }
}

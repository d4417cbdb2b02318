internal import AdapterHost
package import Database
internal import Foundation
internal import Primitives
internal import SafeText
package import ServiceKit
internal import WireProtocol

/// Administration of a gateway's database from the command line. The gateway may be running.
package struct GatewayAdministration: Sendable {
    private let database: any Database
    private let time: TimeSource

    package init(_ database: any Database, time: TimeSource = .system) {
        self.database = database
        self.time = time
    }

    /// Creates a key and prints it.
    ///
    /// - Parameter expires: a duration such as `90d`; `nil` for a key that never expires.
    /// - Throws: `ConfigurationError` for invalid arguments, `DatabaseError`.
    package func createKey(name: String, team: String?, routes: [String]?, expires: String?, asJSON: Bool) async throws {
        let lifetime = try expires.map { text in
            guard let duration = Duration(configured: text, needsUnit: true) else {
                throw ConfigurationError("--expires must be a duration such as 90d, not '\(text)'")
            }
            return duration
        }
        let issued = try await withDatabase { database in
            try await reportingArgumentErrors {
                try await APIKeyIssuer(store: APIKeyStore(database: database), time: time)
                    .issue(name: name, team: team, routes: routes, lifetime: lifetime)
            }
        }
        if asJSON {
            print(issued.jsonString.escapingControls())
        } else {
            print("\(issued.key)\n\nThe key is shown only this once. Its id is \(issued.entry.id).")
        }
    }

    /// Prints all keys, newest first.
    package func listKeys(asJSON: Bool) async throws {
        let keys = try await withDatabase { try await APIKeyStore(database: $0).all() }
        if asJSON {
            print(ListKeys.Response(keys: keys).jsonString.escapingControls())
        } else {
            var table = TextTable(["id", "name", "team", "routes", "key", "state", "expires"])
            let now = time.now()
            for key in keys {
                let state = key.revokedAt != nil ? "revoked" : key.isValid(at: now) ? "valid" : "expired"
                let expiry = key.expiresAt.map { ISO8601.text($0, fraction: .none) } ?? "never"
                table.add([key.id, key.name, key.team ?? "–", key.routes?.joined(separator: ",") ?? "all", key.hint, state, expiry])
            }
            print(table)
        }
    }

    /// Revokes a key.
    ///
    /// - Throws: `ConfigurationError` if the key doesn't exist, `DatabaseError`.
    package func revokeKey(_ id: String) async throws {
        let exists = try await withDatabase { try await APIKeyStore(database: $0).revoke(id: id, at: time.now()) }
        guard exists else { throw ConfigurationError("there is no key '\(id)'; `unladen gateway keys list` shows the ids") }
        print("revoked \(id)".escapingControls())
    }

    /// Prints usage.
    ///
    /// - Parameters:
    ///   - by: dimensions to group by, separated by commas.
    ///   - last: a duration such as `7d`.
    /// - Throws: `ConfigurationError` for invalid arguments, `DatabaseError`.
    package func showUsage(by: String, last: String, asJSON: Bool) async throws {
        let query = try await reportingArgumentErrors { try UsageQuery([("by", by), ("last", last)], now: time.now()) }
        let report = try await withDatabase { try await UsageReports(database: $0).report(query) }
        print(asJSON ? report.jsonString.escapingControls() : UsageTable(report, by: query.by).text)
    }

    /// Migrates the database, runs `body`, and closes the database, also if one of them throws.
    private func withDatabase<Result>(_ body: (any Database) async throws -> Result) async throws -> Result {
        try await withCleanup {
            try await Gateway.migrate(database)
            return try await body(database)
        } cleanup: {
            await database.close()
        }
    }

    /// Runs `body` and turns its errors about arguments into `ConfigurationError`.
    private func reportingArgumentErrors<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let error as ServiceError where error.status == 400 {
            throw ConfigurationError(error.message)
        }
    }
}

/// Returns the mistakes in a configuration file; none if it is valid.
package func validateConfiguration(_ path: String, pluginDirectories: [String]) -> [ConfigurationProblem] {
    do {
        _ = try RoutingConfigurationWatcher.load(path, AdapterCatalog(directories: pluginDirectories), previous: nil)
        return []
    } catch {
        return error.problems
    }
}

package import Database
package import ServiceKit

extension ReadinessCheck {
    /// Checks that the database responds.
    package static func database(_ database: any Database) -> ReadinessCheck {
        ReadinessCheck("database") {
            try await database.read(.probe) { connection in _ = try connection.exists("SELECT 1") }
        }
    }
}

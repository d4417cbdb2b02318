import Database
import PostgreSQLDatabase
import Testing

/// libpq's errors for invalid URIs, which quote them.
@Suite struct ConnectionErrorTests {
    @Test(arguments: [
        "postgresql://user:hunter2@[::1/db", "postgresql://user:hunter2@host:1:2/db", "postgresql://user:hunt%zzer2@127.0.0.1/db",
        "postgresql://user:hunter2@127.0.0.1:1/db", "postgresql://user:hun@ter2@127.0.0.1:1/db",
        "postgresql://127.0.0.1:1/db?password=hunter2&x",
        "postgresql://user:hunter2@127.0.0.1:1/db?nonsense",
    ])
    func `An error doesn't reveal the password`(uri: String) async throws {
        let database = PostgreSQLDatabase(uri: uri, connections: 1)
        let error = await #expect(throws: DatabaseError.self) { try await database.read { _ = try $0.exists("SELECT 1") } }
        let text = "\(String(describing: error))"
        for part in ["hunter2", "ter2", "zzer"] { #expect(!text.contains(part), "\(text)") }
        await database.close()
    }
}

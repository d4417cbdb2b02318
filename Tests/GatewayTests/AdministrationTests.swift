import HTTPTypes
import JSON
import ServiceKit
import TestSupport
import Testing

@testable import Gateway

/// Who may administer the gateway over HTTP.
@Suite struct AdministrationTests {
    private static let paths = ["adapters", "keys", "usage", "limits"].map { "/api/unladen/1.0/\($0)" }
    private static let keys = "/api/unladen/1.0/keys"
    private static let configuration = GatewayServer.endpoint(at: "http://127.0.0.1:9")
    private static let admin = ("Authorization", "Bearer the-administrators-key")

    @Test func `Without an admin key, administration is disabled even if no other request needs a key`() async throws {
        try await GatewayServer.run(Self.configuration) { gateway in
            for path in Self.paths {
                let response = try await gateway.api.get(path)
                #expect(response.status == 403)
                #expect(response.text.contains("admin_key") && response.text.contains("UNLADEN_ADMIN_KEY"))
            }
            for headers in [[], [("Content-Type", "text/plain"), ("Origin", "http://localhost:3000")], [("Authorization", "Bearer x")]] {
                #expect(try await gateway.api.send(.post, Self.keys, #"{"name": "x"}"#, headers: headers).status == 403)
            }
            #expect(try await gateway.api.delete(Self.keys + "/key_x").status == 403)
            #expect(
                try await APIKeyStore(database: gateway.database).all().isEmpty,
                "a rejected request created a key, which locks other clients out")
            #expect(try await gateway.api.get("/v1/models").status == 200)
        }
    }

    @Test func `Only the admin key allows administration`() async throws {
        try await GatewayServer.run(Self.configuration + "admin_key: the-administrators-key\n") { gateway in
            for path in Self.paths {
                #expect(try await gateway.api.get(path).status == 401)
                #expect(try await gateway.api.send(.get, path, headers: [Self.admin]).status == 200)
            }
            let created = try await gateway.api.send(.post, Self.keys, #"{"name": "x"}"#, headers: [Self.admin])
            #expect(created.status == 201)
            let key = try #require(created.string("key"))
            #expect(try await gateway.api.send(.get, Self.keys, headers: [("Authorization", "Bearer \(key)")]).status == 401)
        }
    }

    @Test func `A page of another origin is rejected even with the admin key, and learns no allowed origin`() async throws {
        try await GatewayServer.run(Self.configuration + "admin_key: the-administrators-key\n") { gateway in
            for origin in ["http://localhost:3000", "http://127.0.0.1:5002", "null", "https://ui.example.com"] {
                for path in Self.paths {
                    let response = try await gateway.api.send(.get, path, headers: [Self.admin, ("Origin", origin)])
                    #expect(response.status == 403)
                    #expect(!response.headers.keys.contains { $0.hasPrefix("access-control") })
                }
                let created = try await gateway.api.send(.post, Self.keys, #"{"name": "x"}"#, headers: [Self.admin, ("Origin", origin)])
                #expect(created.status == 403)
                let asked = try await gateway.api.send(.options, Self.keys, headers: [("Origin", origin)])
                #expect(asked.status >= 400)
                #expect(!asked.headers.keys.contains { $0.hasPrefix("access-control") })
            }
            #expect(try await APIKeyStore(database: gateway.database).all().isEmpty)
        }
    }

    @Test(arguments: ["text/plain", "text/plain;charset=UTF-8", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""])
    func `A JSON body must be declared as JSON`(type: String) async throws {
        try await GatewayServer.run(Self.configuration + "admin_key: the-administrators-key\n") { gateway in
            let created = try await gateway.api.send(.post, Self.keys, #"{"name": "x"}"#, headers: [Self.admin, ("Content-Type", type)])
            #expect(created.status == 415)
            for path in [
                "/v1/chat/completions", "/v1/responses", "/v1/messages", "/gateway/chat/invocations", "/endpoints/chat/invocations",
            ] {
                let response = try await gateway.api.send(.post, path, GatewayServer.question, headers: [("Content-Type", type)])
                #expect(response.status == 415, "\(path)")
                #expect(response.text.contains("application/json"))
            }
            #expect(try await APIKeyStore(database: gateway.database).all().isEmpty)
        }
    }
}

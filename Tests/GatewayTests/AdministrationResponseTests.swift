import Database
import HTTPTypes
import JSON
import TestSupport
import Testing
import WireProtocol

@testable import Gateway

/// The JSON of the administration API.
@Suite struct AdministrationResponseTests {
    private static let path = "/api/unladen/1.0/"
    private static let admin = ("Authorization", "Bearer the-administrators-key")
    private static let configuration =
        GatewayServer.endpoint(at: "http://127.0.0.1:9") + """
            prices: {m: {input: 1, output: 2}}
            admin_key: the-administrators-key
            limits: [{name: calls, requests: 10, per: day}, {name: at-once, concurrent: 5}]
            budgets: [{name: money, usd: 1.5, per: month}]

            """

    @Test func `Limits have what is spent and reserved in their current windows`() async throws {
        try await GatewayServer.run(Self.configuration) { gateway async throws in
            try await gateway.database.write { connection in
                // A window that ended in 1970, the current ones, which end in 2100, one of a limit that isn't configured any more, and
                // two from before 'calls' had a period and while 'at-once' had one.
                try connection.execute(
                    """
                    INSERT INTO limit_windows (counter, window_start, window_end, used) VALUES ('calls', 1, 2, 9),
                    ('calls', 4102358400, 4102444800, 3), ('money', 4102358400, 4102444800, 250000000), ('at-once', 0, 0, 0),
                    ('removed', 4102358400, 4102444800, 1), ('calls', 0, 9223372036854775807, 5), ('at-once', 4102358400, 4102444800, 1)
                    """)
                try connection.execute(
                    """
                    INSERT INTO limit_leases (counter, window_start, gateway, granted, spent) VALUES ('calls', 4102358400, 7, 4, 1),
                    ('at-once', 0, 7, 2, 0)
                    """)
            }
            let response = try await gateway.api.send(.get, Self.path + "limits", headers: [Self.admin])
            #expect(
                response.text == """
                    {"limits":[\
                    {"limit":"at-once","counter":"at-once","cap":5.0,"spent":0.0,"held":2.0,"ends_at":null},\
                    {"limit":"calls","counter":"calls","cap":10.0,"spent":4.0,"held":7.0,"ends_at":4102444800000},\
                    {"limit":"money","counter":"money","cap":1.5,"spent":0.25,"held":0.25,"ends_at":4102444800000}]}
                    """)
        }
    }

    @Test func `Adapters have their libraries and what they say of their providers`() async throws {
        try await GatewayServer.run(Self.configuration) { gateway async throws in
            let response = try await gateway.api.send(.get, Self.path + "adapters", headers: [Self.admin])
            let adapters = try #require(response.json["adapters"]?.arrayValue)
            #expect(response.json.objectValue?.members.map(\.name) == ["adapters", "rejected"])
            for adapter in adapters {
                #expect(adapter.objectValue?.members.map(\.name) == ["name", "version", "abi", "library", "providers"])
            }
            // The message has every member, also those of the providers.
            let message = try ListAdapters.Response(json: response.json)
            #expect(message.jsonString == response.text)
            let openAI = try #require(message.adapters.first { $0.name == "openai" })
            #expect(openAI.abi == 1 && openAI.library.hasSuffix(".so"))
            #expect(openAI.providers.contains { $0["name"] == "openai" && $0["config"]?.arrayValue?.isEmpty == false })
        }
    }

    @Test func `A report without usage has zeros and nulls`() async throws {
        try await GatewayServer.run(Self.configuration) { gateway async throws in
            let path = Self.path + "usage?by=team&from=2026-01-01&to=2026-01-02"
            let response = try await gateway.api.send(.get, path, headers: [Self.admin])
            #expect(
                response.text == """
                    {"from":1767225600000,"to":1767312000000,"rows":[],"total":{"requests":0,"prompt_tokens":0,"completion_tokens":0,\
                    "cached_tokens":0,"cache_write_tokens":0,"cache_write_1h_tokens":0,"cost_usd":0,"unpriced_requests":0,"errors":0,\
                    "cached":0,"mean_latency_ms":null,"mean_time_to_first_token_ms":null}}
                    """)
        }
    }

    @Test func `A created key is listed without its secret until and after it is revoked`() async throws {
        try await GatewayServer.run(Self.configuration) { gateway async throws in
            let fields = #"{"name": "ui", "team": null, "routes": ["chat"], "expires": "1d"}"#
            let created = try await gateway.api.send(.post, Self.path + "keys", fields, headers: [Self.admin])
            let issued = try IssuedKey(json: created.json)
            #expect(created.status == 201 && created.text == issued.jsonString)
            let listed = try await gateway.api.send(.get, Self.path + "keys", headers: [Self.admin])
            #expect(listed.text == ListKeys.Response(keys: [issued.entry]).jsonString)
            #expect(!listed.text.contains(issued.key))
            let revoked = try await gateway.api.send(.delete, Self.path + "keys/\(issued.entry.id)", headers: [Self.admin])
            #expect(revoked.status == 200 && revoked.text == "{}")
            let after = try await gateway.api.send(.get, Self.path + "keys", headers: [Self.admin])
            let entry = try #require(try ListKeys.Response(json: after.json).keys.first)
            #expect(entry.id == issued.entry.id && entry.revokedAt != nil)
            let unknown = try await gateway.api.send(.delete, Self.path + "keys/key_x", headers: [Self.admin])
            #expect(unknown.status == 404 && unknown.text == #"{"detail":"There is no key 'key_x'."}"#)
        }
    }
}

import HTTPTypes
import JSON
import TestSupport
import Testing

@testable import Gateway

/// The parts of the configuration that the gateway shows to its callers.
@Suite struct CatalogTests {
    private static let path = "/api/unladen/1.0/endpoints"
    private static let configuration = """
        endpoints:
          - name: chat
            endpoint_type: llm/v1/chat
            model:
              provider: openai
              name: gpt-4o-mini
              config: {openai_api_key: the-providers-key, openai_api_base: "http://127.0.0.1:9/v1"}
            fallback: [other]
          - name: other
            endpoint_type: llm/v1/chat
            model: {provider: openai, name: gpt-4o, config: {openai_api_key: the-other-key, openai_api_base: "http://127.0.0.1:9/v1"}}
        routes:
          - name: both
            task_type: llm/v1/chat
            destinations: [{name: chat, traffic_percentage: 70}, {name: other, traffic_percentage: 30}]

        """

    @Test func `Endpoints are listed with models, weights and fallbacks, and without secrets`() async throws {
        try await GatewayServer.run(Self.configuration) { gateway async throws in
            let response = try await gateway.api.get(Self.path)
            #expect(response.status == 200)
            #expect(response.strings("endpoints.name") == ["chat", "other", "both"])
            #expect(response.strings("endpoints.models.model") == ["gpt-4o-mini", "gpt-4o", "gpt-4o-mini", "gpt-4o"])
            #expect(response.integers("endpoints.models.weight") == [100, 100, 70, 30])
            #expect(response.strings("endpoints.fallback.endpoint") == ["other"])
            #expect(response.strings("endpoints.models.secret_settings") == Array(repeating: "openai_api_key", count: 4))
            for secret in ["the-providers-key", "the-other-key", "127.0.0.1:9"] { #expect(!response.text.contains(secret)) }
            #expect(response.strings("providers.name").contains("anthropic"))
            #expect(try #require(response.integer("configured_at")) > 1_700_000_000_000)
        }
    }

    @Test func `A key's catalog has the routes that it can access and the budgets that count it`() async throws {
        let governed =
            Self.configuration + """
                keys:
                  - {name: ui, key: "uk-0123456789abcdef", routes: [chat]}
                  - {name: all, key: "ak-0123456789abcdef"}
                budgets:
                  - {name: everything, usd: 10, per: month}
                  - {name: of-ui, usd: 1.5, per: day, key: ui}
                  - {name: of-all, usd: 2, per: day, key: all}

                """
        try await GatewayServer.run(governed) { gateway async throws in
            #expect(try await gateway.api.get(Self.path).status == 401)
            let shown = try await gateway.api.send(.get, Self.path, headers: [("Authorization", "Bearer uk-0123456789abcdef")])
            #expect(shown.strings("endpoints.name") == ["chat"])
            #expect(shown.strings("budgets.name") == ["everything", "of-ui"])
            #expect(shown.values("budgets.amount_usd") == [.number(10), .number(1.5)])
            #expect(shown.strings("budgets.key") == ["ui"])
        }
    }
}

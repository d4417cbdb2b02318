import ArtifactStore
import ServiceClient
import TestSupport
import Testing

@testable import Tracking

/// Errors of other services that the reverse proxy passes on.
@Suite struct ReverseProxyErrorTests {
    private func response(_ registry: ScriptedResponse) async throws -> APIResponse {
        try await withScriptedServer({ _ in registry }) { url in
            try await withTemporaryDirectory { directory in
                try await withDatabase(.sqlite) { database in
                    let artifacts = ArtifactStoreResolver(
                        defaultStore: try LocalArtifactStore(root: directory), roots: try ArtifactRoots([])
                    ) { throw ArtifactError(.unsupported, $0) }
                    let tracking = Tracking(
                        database: database, artifacts: artifacts, artifactRoot: "mlflow-artifacts:/",
                        registry: try #require(ServiceAddress(url)))
                    try await tracking.prepare()
                    let response = try await TestAPI.run(tracking.register) { api in try await api.get("registered-models/get?name=m") }
                    await artifacts.shutdown()
                    return response
                }
            }
        }
    }

    @Test func `Errors of our API are passed on unchanged, except for secrets`() async throws {
        let plain = #"{"error_code": "INVALID_PARAMETER_VALUE", "message": "Invalid model version source: '/usr/x/y'."}"#
        let passed = try await response(ScriptedResponse(400, plain))
        #expect(passed.status == 400)
        #expect(passed.text == plain)
        let secret = #"{"error_code": "INTERNAL_ERROR", "message": "can't reach postgresql://u:hunter2@db/x"}"#
        let shown = try await response(ScriptedResponse(500, secret))
        #expect(shown.status == 500)
        #expect(shown.error == "INTERNAL_ERROR: can't reach postgresql://[REDACTED]@db/x")
    }

    @Test func `Other errors reveal no internals of the servers in between`() async throws {
        let text =
            "failed with Authorization: Bearer abcdef\nTraceback (most recent call last):\n  File \"/usr/lib/x.py\", line 1\nValueError: no"
        let shown = try await response(ScriptedResponse(502, contentType: "text/plain", text))
        #expect(shown.status == 502)
        #expect(shown.text == "failed with Authorization: [REDACTED]\nValueError: no")
        #expect(try await response(ScriptedResponse(404, contentType: "text/html", "<h1>Not Found</h1>")).text == "<h1>Not Found</h1>")
    }

    @Test func `A successful response is passed on byte for byte`() async throws {
        let body = #"{"registered_model": {"name": "m", "tags": [{"key": "api_key", "value": "abc"}], "password": "x"}}"#
        #expect(try await response(ScriptedResponse(body)).text == body)
    }
}

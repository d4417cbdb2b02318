import HTTPTypes
import TestSupport
import Testing

/// A page on another site can't cause changes with a request that the browser sends without a CORS preflight.
@Suite struct ContentTypeTests {
    @Test(arguments: ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""])
    func `A JSON body requires a JSON content type, whatever the method`(type: String) async throws {
        try await TrackingFixture.run(on: .sqlite) { fixture in
            let model = try await fixture.model("m")
            let requests: [(HTTPRequest.Method, String, String)] = [
                (.post, "experiments/create", #"{"name": "x"}"#), (.post, "runs/search", "{}"),
                (.patch, "logged-models/\(model)", #"{"model_id": "\#(model)", "status": 2}"#),
                (.patch, "logged-models/\(model)/tags", #"{"model_id": "\#(model)", "tags": []}"#),
                (.delete, "logged-models/\(model)", "{}"),
            ]
            for (method, path, body) in requests {
                let response = try await fixture.api.send(method, path, body, headers: [("Content-Type", type)])
                #expect(response.status == 400, "\(method) \(path): \(response.text)")
                #expect(response.error?.hasPrefix("INVALID_PARAMETER_VALUE: Bad Request. Content-Type") == true)
            }
            let spans = try await fixture.api.send(
                .post, "/v1/traces", "{}", headers: [("Content-Type", type), ("X-MLflow-Experiment-Id", "0")])
            #expect(spans.status == 400)
            #expect(try await fixture.api.delete("logged-models/\(model)").status == 200, "without a body, none is needed")
        }
    }
}

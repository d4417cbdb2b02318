import HTTPTypes
import JSON
import TestSupport
import Testing

@testable import Tracking

/// Records that aren't supported yet: lists are empty, and writes fail.
@Suite struct UnsupportedEntityTests {
    private func send(_ method: HTTPRequest.Method, _ path: String, _ json: String? = nil) async throws -> APIResponse {
        try await TestAPI.run(UnsupportedEntityRoutes().register) { try await $0.send(method, path, json) }
    }

    @Test(arguments: [
        "GET 3.0/mlflow/datasets/search", "POST 3.0/mlflow/datasets/search", "GET 3.0/mlflow/scorers/list",
        "GET 3.0/mlflow/label-schemas/list", "GET 3.0/mlflow/review-queues/list", "GET 3.0/mlflow/review-queues/items/list",
        "POST 3.0/mlflow/issues/search", "GET 2.0/mlflow/webhooks",
    ])
    func `A list is empty`(request: String) async throws {
        let (method, path) = try Self.parse(request)
        for api in ["/api/", "/ajax-api/"] {
            let response = try await send(method, api + path, method == .post ? #"{"experiment_ids": ["0"]}"# : nil)
            #expect(response.status == 200 && response.json == [:], "\(api)")
        }
    }

    @Test(arguments: [
        "GET 3.0/mlflow/datasets/d-1", "GET 3.0/mlflow/scorers/get", "GET 3.0/mlflow/review-queues/get", "GET 2.0/mlflow/webhooks/w-1",
    ])
    func `A single record isn't found`(request: String) async throws {
        let (method, path) = try Self.parse(request)
        let response = try await send(method, "/api/" + path)
        #expect(response.status == 404 && response.string("error_code") == "RESOURCE_DOES_NOT_EXIST")
    }

    @Test(arguments: [
        ("POST 3.0/mlflow/datasets/create", "evaluation datasets"), ("DELETE 3.0/mlflow/datasets/d-1/tags/a", "evaluation datasets"),
        ("POST 3.0/mlflow/scorers/register", "judges"), ("POST 3.0/mlflow/label-schemas/create", "label schemas"),
        ("POST 3.0/mlflow/review-queues/get-or-create-user", "review queues"), ("POST 3.0/mlflow/issues", "issues"),
        ("POST 2.0/mlflow/webhooks", "webhooks"),
    ])
    func `Saving a record is rejected`(request: String, plural: String) async throws {
        let (method, path) = try Self.parse(request)
        let response = try await send(method, "/api/" + path, "{}")
        #expect(response.status == 501 && response.error == "NOT_IMPLEMENTED: This server doesn't support \(plural) yet.")
    }

    @Test func `No judge runs automatically`() async throws {
        let path = "/ajax-api/3.0/mlflow/scorers/online-configs"
        #expect(try await send(.get, path + "?scorer_ids=a").json == ["configs": []])
        #expect(try await send(.get, path).status == 400)
    }

    private static func parse(_ request: String) throws -> (HTTPRequest.Method, String) {
        let parts = request.split(separator: " ")
        return (try #require(HTTPRequest.Method(rawValue: String(parts[0]))), String(parts[1]))
    }
}

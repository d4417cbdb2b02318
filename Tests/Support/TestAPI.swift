internal import ArgumentParser
package import HTTPTypes
internal import Hummingbird
internal import HummingbirdTesting
package import Logging
internal import NIOCore
package import ServiceKit
package import WireProtocol

/// Calls the routes of a service in process, without a socket. Everything else between a socket and a handler, such as error responses, is
/// as in a real service.
package struct TestAPI: Sendable {
    private let client: any TestClientProtocol

    /// Runs `body` with the routes that `register` adds.
    ///
    /// - Parameters:
    ///   - prefix: an additional path prefix for the routes.
    ///   - logger: the log of the requests; only critical problems are logged if `nil`.
    package static func run<Result: Sendable>(
        prefix: PathPrefix? = nil, logger: Logger? = nil, _ register: (APIRoutes) -> Void,
        _ body: @Sendable (TestAPI) async throws -> Result
    ) async throws -> Result {
        let options = try ServiceOptions.parse(["--log-level", "critical"])
        let service = ServiceHost(name: "test", options: options, defaultPort: 0, prefix: prefix)
        register(service.routes)
        let application = Application(router: service.router, logger: logger ?? service.logger)
        return try await application.test(.router) { try await body(TestAPI(client: $0)) }
    }

    /// Sends a request of MLflow's API.
    ///
    /// - Parameters:
    ///   - path: relative to `/api/2.0/mlflow/`, or an absolute path if it starts with a slash; with the query, percent-encoded.
    ///   - json: the body.
    ///   - headers: additional headers, or replacements of the default ones.
    package func send(
        _ method: HTTPRequest.Method, _ path: String, _ json: String? = nil, headers: [(name: String, value: String)] = []
    ) async throws -> APIResponse {
        var fields: HTTPFields = json == nil ? [:] : [.contentType: "application/json"]
        for (name, value) in headers { if let name = HTTPField.Name(name) { fields[name] = value.isEmpty ? nil : value } }
        return try await client.execute(
            uri: path.hasPrefix("/") ? path : "/api/2.0/mlflow/" + path, method: method, headers: fields,
            body: json.map(ByteBuffer.init(string:))
        ) { response in
            APIResponse(response)
        }
    }

    /// Sends bytes with the given headers.
    package func post(_ path: String, bytes: [UInt8], headers: HTTPFields) async throws -> APIResponse {
        try await client.execute(uri: path, method: .post, headers: headers, body: ByteBuffer(bytes: bytes)) { response in
            APIResponse(response)
        }
    }

    package func get(_ path: String) async throws -> APIResponse { try await send(.get, path) }

    package func post(_ path: String, _ json: String) async throws -> APIResponse { try await send(.post, path, json) }

    package func put(_ path: String, _ body: String) async throws -> APIResponse { try await send(.put, path, body) }

    package func patch(_ path: String, _ json: String) async throws -> APIResponse { try await send(.patch, path, json) }

    package func delete(_ path: String, _ json: String? = nil) async throws -> APIResponse { try await send(.delete, path, json) }
}

/// The response to a request.
package struct APIResponse: Sendable {
    package let status: Int
    package let text: String
    /// The headers by lower-case name.
    package let headers: [String: String]

    fileprivate init(_ response: TestResponse) {
        status = response.status.code
        text = String(buffer: response.body)
        headers = Dictionary(response.headers.map { ($0.name.canonicalName, $0.value) }) { "\($0), \($1)" }
    }

    /// The body; `null` if it isn't JSON.
    package var json: JSONValue { (try? JSONValue(parsing: text)) ?? .null }

    /// MLflow's code and message of an error.
    package var error: String? {
        guard let code = string("error_code"), let message = string("message") else { return nil }
        return "\(code): \(message)"
    }

    /// All values at a path of member names separated by dots. Descends into the elements of arrays.
    package func values(_ path: String) -> [JSONValue] {
        path.split(separator: ".").reduce([json]) { values, name in
            values.flatMap { value -> [JSONValue] in
                switch value[String(name)] {
                case .array(let items)?: items
                case let item?: [item]
                case nil: []
                }
            }
        }
    }

    package func strings(_ path: String) -> [String] { values(path).compactMap(\.stringValue) }

    package func string(_ path: String) -> String? { strings(path).first }

    package func integers(_ path: String) -> [Int64] { values(path).compactMap(\.integerValue) }

    package func integer(_ path: String) -> Int64? { integers(path).first }
}

import HTTPTypes
import Hummingbird
import Logging
import ServiceKit
import Synchronization
import TestSupport
import Testing
import WireProtocol

/// How the errors of handlers become responses and log lines.
@Suite struct RouteErrorTests {
    private struct Unexpected: Error {}

    private final class Lines: Sendable {
        let all = Mutex<[String]>([])
    }

    /// Sends a GET request to a handler in a group of routes that throws an error.
    ///
    /// - Parameter format: the format of the group; none if `nil`.
    /// - Returns: the response and the log.
    private func respond(_ format: ErrorFormat?, _ error: any Error) async throws -> (response: APIResponse, log: [String]) {
        let lines = Lines()
        let logger = Logger(service: "test", level: .info, format: .text) { line in lines.all.withLock { $0.append(line) } }
        let register = { (routes: APIRoutes) in
            (format.map(routes.group) ?? routes).at(.get, "/x", requires: .public) { _, _ in throw error }
        }
        let response = try await TestAPI.run(logger: logger, register) { api in try await api.get("/x") }
        return (response, lines.all.withLock { $0 })
    }

    @Test(
        arguments: [
            (nil, #"{"error_code":"INVALID_PARAMETER_VALUE","message":"m"}"#),
            (.openAI, #"{"error":{"message":"m","type":"invalid_request_error","param":null,"code":null}}"#),
            (.anthropic, #"{"type":"error","error":{"type":"invalid_request_error","message":"m"}}"#), (.fastAPI, #"{"detail":"m"}"#),
        ] as [(ErrorFormat?, String)])
    func `A handler's error is returned in the format of its group`(format: ErrorFormat?, body: String) async throws {
        let response = try await respond(format, ServiceError.invalidParameter("m")).response
        #expect(response.status == 400)
        #expect(response.text == body)
        #expect(response.headers["content-type"] == "application/json")
    }

    @Test func `An error may have a format of its own`() async throws {
        #expect(try await respond(nil, ServiceError.invalidParameter("m").formatted(as: .fastAPI)).response.text == #"{"detail":"m"}"#)
        #expect(try await respond(.openAI, ServiceError.invalidParameter("m").formatted(as: .fastAPI)).response.text == #"{"detail":"m"}"#)
    }

    @Test(arguments: [nil] + ErrorFormat.allCases)
    func `An unexpected error becomes an internal error without details, and its cause is logged once`(format: ErrorFormat?) async throws {
        let (response, log) = try await respond(format, Unexpected())
        #expect(response.status == 500)
        #expect(response.text.contains("Internal error.") && !response.text.contains("Unexpected"))
        #expect(log.count == 1)
        let line = try #require(log.first)
        for part in ["ERROR", "method=GET", "path=/x", "status=500", "cause=Unexpected()"] { #expect(line.contains(part), "\(line)") }
    }

    @Test(arguments: [nil] + ErrorFormat.allCases)
    func `A client's mistake is logged as information`(format: ErrorFormat?) async throws {
        let log = try await respond(format, ServiceError.doesNotExist("no such thing")).log
        #expect(log.count == 1)
        #expect(log.first?.contains("INFO") == true && log.first?.contains("no such thing") == true)
    }

    @Test(arguments: [nil] + ErrorFormat.allCases)
    func `A body that is too large is rejected with 413`(format: ErrorFormat?) async throws {
        let response = try await respond(format, HTTPError(.contentTooLarge, message: "too large")).response
        #expect(response.status == 413)
        #expect(response.text.contains("too large"))
    }

    @Test func `The headers of an error say when to retry and how to authenticate`() async throws {
        let unavailable = try await respond(.openAI, ServiceError.unavailable("m")).response
        #expect(unavailable.status == 503 && unavailable.headers["retry-after"] == "1")
        let unauthenticated = try await respond(.anthropic, ServiceError(.unauthenticated, "m")).response
        #expect(unauthenticated.status == 401 && unauthenticated.headers["www-authenticate"] == "Bearer")
        #expect(try await respond(nil, ServiceError(.unauthenticated, "m")).response.headers["www-authenticate"] == nil)
    }

    @Test func `Groups share the routes of a service`() async throws {
        let paths = try await TestAPI.run({ routes in
            routes.group(errors: .openAI).at(.get, "/v1/x", requires: .public) { _, _ in .text("x") }
            let paths = routes.all.map(\.path)
            routes.at(.get, "/paths", requires: .public) { _, _ in .text(paths.joined(separator: " ")) }
        }) { api in
            // A wrong method is 405 only for a known path.
            #expect(try await api.post("/v1/x", "{}").status == 405)
            return try await api.get("/paths").text
        }
        #expect(paths.contains("/v1/x"))
    }
}

import AdapterHost
import Database
import Foundation
import Logging
import ServiceKit
import Synchronization
import TestSupport

@testable import Gateway

/// A complete gateway with its routes and its log, which includes the log of its requests.
struct GatewayServer: Sendable {
    let api: TestAPI
    let database: any Database
    let gateway: Gateway
    let metrics: PrometheusMetricsFactory
    private let lines: LogLines

    final class LogLines: Sendable {
        let all = Mutex<[String]>([])
    }

    var log: String { lines.all.withLock { $0.joined(separator: "\n") } }

    /// Runs `body` with a gateway over an empty SQLite database. The gateway's clock stands still, so that on a busy machine, too, the
    /// shutdown has the time to send everything.
    static func run(_ yaml: String, _ body: @Sendable (GatewayServer) async throws -> Void) async throws {
        try await GatewayFixture.run(on: .sqlite) { fixture in
            let path = fixture.directory + "/gateway.yaml"
            try yaml.write(toFile: path, atomically: true, encoding: .utf8)
            let lines = LogLines()
            let logger = Logger(service: "test", level: .debug, format: .text) { line in lines.all.withLock { $0.append(line) } }
            let metrics = PrometheusMetricsFactory(service: "test")
            let gateway = try await Gateway(
                configuration: path, pluginDirectories: [ConfigurationTests.directory], database: fixture.database,
                usageLogDirectory: fixture.directory + "/usage-log", isLocal: true,
                metrics: metrics, logger: logger, clock: ManualClock())
            try await TestAPI.run(logger: logger, { gateway.register(on: $0) }) { api in
                try await body(
                    GatewayServer(api: api, database: fixture.database, gateway: gateway, metrics: metrics, lines: lines))
            }
            // The shutdown writes the remaining usage.
            try await withServices([gateway]) {}
        }
    }

    /// The configuration of an endpoint named `chat` with OpenAI's API at a URL, without retries.
    static func endpoint(at url: String, key: String = "the-providers-key", provider: String = "openai") -> String {
        """
        retries: {attempts: 0}
        endpoints:
          - name: chat
            endpoint_type: llm/v1/chat
            model:
              provider: \(provider)
              name: m
              config: {openai_api_key: \(key), openai_api_base: "\(url)/v1"}

        """
    }

    static let question = #"{"model": "chat", "messages": [{"role": "user", "content": "Hello"}]}"#
}

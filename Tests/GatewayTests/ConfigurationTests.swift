import AdapterHost
import Foundation
import JSON
import ModelPrices
import Primitives
import SafeText
import ServiceKit
import TestSupport
import Testing

@testable import Gateway

@Suite struct ConfigurationTests {
    static let directory = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path
    static let catalog = AdapterCatalog(directories: [directory])

    private func read(_ yaml: String) throws(InvalidConfiguration) -> GatewayConfiguration {
        try ConfigurationReader(catalog: Self.catalog).read(yaml, ProblemList(file: "f"))
    }

    private func problems(_ yaml: String) -> [String] {
        do {
            _ = try read(yaml)
            return []
        } catch {
            return error.problems.map { problem in "\(problem.line.map { "\($0): " } ?? "")\(problem.message)" }
        }
    }

    private static let endpoint = """
        endpoints:
          - name: chat
            endpoint_type: llm/v1/chat
            model: {provider: openai, name: gpt-4o-mini, config: {openai_api_key: secret}}

        """

    @Test func `MLflow 2.5's routes are read without changes`() throws {
        let configuration = try read(
            """
            routes:
              - name: completions
                route_type: llm/v1/completions
                model:
                  provider: openai
                  name: gpt-3.5-turbo
                  config:
                    openai_api_key: secret
              - name: embeddings
                route_type: llm/v1/embeddings
                model:
                  provider: cohere
                  name: embed-english-v2.0
                  config:
                    cohere_api_key: secret
            """)
        #expect(configuration.endpoints.map(\.name) == ["completions", "embeddings"])
        #expect(configuration.endpoints.map(\.generation) == [.routes25, .routes25])
    }

    @Test func `Endpoints and routes with destinations of later versions are read without changes`() throws {
        let configuration = try read(
            Self.endpoint + """
                    limit: {calls: 10, renewal_period: minute}
                  - name: other
                    endpoint_type: llm/v1/chat
                    model: {provider: anthropic, name: claude-3-5-haiku-latest, config: {anthropic_api_key: secret}}
                routes:
                  - name: both
                    task_type: llm/v1/chat
                    destinations:
                      - {name: chat, traffic_percentage: 80}
                      - {name: other, traffic_percentage: 20}
                    routing_strategy: TRAFFIC_SPLIT
                """)
        #expect(configuration.trafficRoutes.first?.destinations.map(\.weight) == [80, 20])
        #expect(configuration.limits.first?.cap == 10)
        #expect(configuration.limits.first?.period == .minute)
    }

    @Test func `Secrets come from the environment and from files, without the final line break`() async throws {
        try await withTemporaryDirectory { directory in
            try "from file\n".write(toFile: directory + "/key", atomically: true, encoding: .utf8)
            for (value, secret) in [
                ("$UNLADEN_TEST_SECRET", "from environment"), (directory + "/key", "from file"), ("literal", "literal"),
            ] {
                let configuration = try Environment.$current.withValue(Environment(["UNLADEN_TEST_SECRET": "from environment"])) {
                    try read(Self.endpoint.replacing("secret", with: value))
                }
                #expect(configuration.endpoints.first?.config["openai_api_key"] == .string(secret))
            }
            #expect(
                problems(Self.endpoint.replacing("secret", with: "$UNLADEN_TEST_NOT_SET"))
                    == ["4: endpoints[0].model.config.openai_api_key: the environment variable UNLADEN_TEST_NOT_SET is not set"])
            let place = "4: endpoints[0].model.config.openai_api_key: "
            for (value, problem) in [
                (directory + "/nothing", "the file \(directory)/nothing doesn't exist"), ("./nothing", "the file ./nothing doesn't exist"),
                (directory, "\(directory) is a directory, not a file"),
            ] {
                #expect(problems(Self.endpoint.replacing("secret", with: value)) == [place + problem])
            }
            // AWS keys may begin with a slash.
            let key = "/wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
            #expect(try read(Self.endpoint.replacing("secret", with: key)).endpoints.first?.config["openai_api_key"] == .string(key))
        }
    }

    @Test func `A model needs a name, unless its provider serves only one`() throws {
        #expect(problems(Self.endpoint.replacing("name: gpt-4o-mini, ", with: "")) == ["4: endpoints[0].model: 'name' is missing"])
        let configuration = try read(
            """
            endpoints:
              - name: own
                endpoint_type: llm/v1/chat
                model: {provider: mlflow-model-serving, config: {model_server_url: "http://127.0.0.1:1"}}
            """)
        #expect(configuration.endpoints.map(\.model) == ["mlflow-model-serving"])
    }

    @Test(arguments: ["90", "90 days", "-1d"])
    func `The retention of usage needs a unit`(retention: String) {
        let problems = problems(Self.endpoint + "\nusage: {retention: \(retention)}\n")
        #expect(problems.count == 1 && problems[0].contains("usage.retention: expected a duration with a unit"), "\(problems)")
    }

    @Test func `Teams, keys, limits, budgets and prices are parsed`() throws {
        let configuration = try read(
            Self.endpoint + """
                teams: [research, {name: sales}]
                keys:
                  - {name: ci, key: 0123456789abcdef, team: research, routes: [chat], expires: 2030-01-01}
                limits:
                  - {name: a, requests: 1_000, per: 5 minutes, each: client}
                  - {name: b, tokens: 100, per: day, team: research}
                  - {name: c, concurrent: 5, route: chat}
                budgets:
                  - {name: d, usd: 1.5, per: month, alert: 0.8}
                prices:
                  gpt-4o-mini: {input: 1, output: 2, cached_input: 0.5}
                fallback: []
                retries: {attempts: 3, backoff: 100ms, max_backoff: 1s}
                timeouts: {connect: 1, first_byte: 2m, total: 1h}
                cache: {ttl: 10m}
                usage: {retention: 90d}
                """)
        #expect(configuration.teams == ["research", "sales"])
        #expect(configuration.keys.first?.hash == APIKeyHash.of("0123456789abcdef"))
        #expect(configuration.limits.map(\.cap) == [1000, 100, 5, 1_500_000_000])
        #expect(configuration.limits.first?.period == .seconds(300))
        #expect(configuration.prices.price(provider: "openai", model: "gpt-4o-mini")?.standard.rates.cachedInput == PicoDollars(500_000))
        #expect(configuration.endpoints.first?.policy.totalTimeout == .seconds(3600))
        #expect(configuration.endpoints.first?.policy.cacheLifetime == .seconds(600))
        #expect(configuration.usageRetention == .seconds(90 * 86400))
    }

    @Test func `A price covers everything that a provider bills`() throws {
        let configuration = try read(
            Self.endpoint + """
                prices:
                  anthropic/m:
                    input: 3
                    output: 15
                    cached_input: 0.3
                    cache_write: 3.75
                    cache_write_1h: 6
                    audio_input: 40
                    audio_output: 80
                    long_context: [{threshold: 200_000, input: 6, output: 22.5}]
                    service_tiers: {Priority: {input: 5, output: 25, cache_write: 7}}
                    inference_geo: {us: 1.1}
                    web_search: 0.01
                    max_output_tokens: 64_000
                """)
        let price = try #require(configuration.prices.price(provider: "anthropic", model: "m"))
        let rates = price.standard.rates
        #expect(
            [rates.input, rates.output, rates.cachedInput, rates.cacheWrite, rates.cacheWrite1h, rates.audioInput, rates.audioOutput]
                == [3, 15, 0.3, 3.75, 6, 40, 80].map(TokenRates.perMillion))
        #expect(price.standard.longContext.map(\.threshold) == [200_000])
        #expect(price.standard.longContext.first?.rates.output == PicoDollars(22_500_000))
        #expect(price.serviceTiers["priority"]?.rates.cacheWrite == PicoDollars(7_000_000))
        #expect(price.inferenceGeo == ["us": 1100])
        #expect(price.webSearch == NanoDollars(10_000_000))
        #expect(price.maxOutputTokens == 64_000)
    }

    private static let mistakes: [(yaml: String, expected: String)] = [
        ("endpoints: [", "invalid YAML"),
        ("endpoint: []", "1: endpoint: unknown key; valid keys:"),
        ("endpoints: 5", "1: endpoints: expected a list, found '5'"),
        ("endpoints:\n  - name: a b\n", "2: endpoints[0].name: a name may contain only letters"),
        (
            endpoint.replacing("provider: openai", with: "provider: unknown"),
            "4: endpoints[0].model.provider: no adapter is loaded for the provider 'unknown'"
        ),
        (
            endpoint.replacing("llm/v1/chat", with: "llm/v2/chat"),
            "3: endpoints[0].endpoint_type: expected one of llm/v1/chat, llm/v1/completions"
        ),
        (
            endpoint.replacing("openai_api_key", with: "openai_key"),
            "4: endpoints[0].model.config.openai_key: unknown key for the provider openai"
        ),
        (endpoint + "    limits: 3\n", "5: endpoints[0].limits: unknown key"),
        (endpoint + "    fallback: [nope]\n", "5: chat.fallback: there is no endpoint 'nope'"),
        (
            endpoint + "routes: [{name: r, task_type: llm/v1/chat, destinations: [{name: chat, traffic_percentage: 90}]}]",
            "add up to 100, not 90"
        ),
        (endpoint + "prices: {m: {output: 5}}", "5: prices.m: 'input' is missing"),
        (endpoint + "prices: {m: {input: 5, cache_writes: 6}}", "5: prices.m.cache_writes: unknown key; valid keys: audio_input"),
        (endpoint + "prices: {m: {input: 5, cache_write_1h: -1}}", "5: prices.m.cache_write_1h: expected a number"),
        (endpoint + "prices: {m: {input: 5, service_tiers: {flex: {inputs: 6}}}}", "prices.m.service_tiers.flex: 'input' is missing"),
        (endpoint + "prices: {m: {input: 5, long_context: [{input: 6}]}}", "prices.m.long_context[0]: 'threshold' is missing"),
        (endpoint + "limits: [{name: l, requests: 5}]", "5: limits[0]: 'per' is missing"),
        (
            endpoint + "limits: [{name: l, requests: 5, tokens: 3, per: day}]",
            "5: limits[0]: expected exactly one of requests, tokens and concurrent"
        ),
        (endpoint + "limits: [{name: l, requests: 5, per: fortnight}]", "expected a period such as minute"),
        (endpoint + "limits: [{name: l, requests: 5, per: day, route: nope}]", "5: l: there is no route 'nope'"),
        (endpoint + "teams: [a]\nlimits: [{name: l, requests: 5, per: day, team: b}]", "6: l: there is no team 'b'"),
        (
            endpoint.replacing("gpt-4o-mini", with: "my-model") + "budgets: [{name: b, usd: 5, per: day}]",
            "5: b: the price of openai's model my-model is unknown"
        ),
        (endpoint + "keys: [{name: k, key: short}]", "5: keys[0].key: a key must be at least 16 bytes long"),
        (endpoint + "timeouts: {total: 5 parsecs}", "5: timeouts.total: expected a duration"),
        (endpoint + "teams: [a]\nteams: [b]", "duplicate key: 'teams'"),
    ]

    @Test(arguments: mistakes)
    func `A mistake is reported with its line and what was expected`(yaml: String, expected: String) {
        let found = problems(yaml)
        #expect(found.contains { $0.contains(expected) }, "\(found)")
    }

    @Test func `A missing file is reported without a line`() {
        let problem = #expect(throws: InvalidConfiguration.self) { try ConfigurationReader(catalog: Self.catalog).read("/nowhere.yaml") }
        #expect(problem?.description == "/nowhere.yaml: the file doesn't exist or can't be read")
    }

    @Test func `The valid keys in a message are listed once each`() {
        let problem = problems("endpoint: []\n").first { $0.contains("valid keys:") } ?? ""
        let keys = problem.split(separator: ": ").last.map { $0.split(separator: ", ") } ?? []
        #expect(keys.contains("routes") && Set(keys).count == keys.count, "\(problem)")
    }

    @Test func `All mistakes are reported at once, in the order of their lines`() {
        let found = problems("endpoints:\n  - {name: a}\n  - {name: b, endpoint_type: x}\nnonsense: 1\n")
        #expect(found.count >= 5)
        let lines = found.compactMap { Int($0.prefix { $0.isNumber }) }
        #expect(lines == lines.sorted())
    }

    @Test func `An adapter's error has the line of the configuration`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/c.yaml"
            try Self.endpoint.replacing("openai_api_key: secret", with: "openai_api_type: azure").write(
                toFile: path, atomically: true, encoding: .utf8)
            #expect(throws: InvalidConfiguration.self) { try RoutingConfigurationWatcher.load(path, Self.catalog, previous: nil) }
        }
    }

    @Test func `An edit takes effect, and an invalid one changes nothing but is reported`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/c.yaml"
            try Self.endpoint.write(toFile: path, atomically: true, encoding: .utf8)
            let table = try RoutingConfigurationWatcher(path: path, catalog: Self.catalog, logger: GatewayFixture.logger)
            try Self.endpoint.replacing("name: chat", with: "name: talk").write(toFile: path, atomically: true, encoding: .utf8)
            table.reload()
            #expect(table.current.routes.map(\.name) == ["talk"])
            try "endpoints: [".write(toFile: path, atomically: true, encoding: .utf8)
            table.reload()
            #expect(table.current.routes.map(\.name) == ["talk"])
            #expect(table.problem?.contains("invalid YAML") == true)
            try Self.endpoint.write(toFile: path, atomically: true, encoding: .utf8)
            table.reload()
            #expect(table.problem == nil)
            #expect(table.current.routes.map(\.name) == ["chat"])
        }
    }

    @Test func `An edit takes effect within half a second`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/c.yaml"
            try Self.endpoint.write(toFile: path, atomically: true, encoding: .utf8)
            let watcher = try RoutingConfigurationWatcher(path: path, catalog: Self.catalog, logger: GatewayFixture.logger)
            let clock = ManualClock()
            try await withServices([watcher.periodicReload(clock: clock)]) {
                await clock.sleepers()
                try Self.endpoint.replacing("name: chat", with: "name: talk").write(toFile: path, atomically: true, encoding: .utf8)
                clock.advance(by: .milliseconds(500))
                await clock.sleepers()
                #expect(watcher.current.routes.map(\.name) == ["talk"])
            }
        }
    }

    @Test func `Settings for traces are parsed, including what to redact`() throws {
        let traces = try #require(
            try read(
                Self.endpoint + """
                    traces:
                      tracking_uri: http://127.0.0.1:5000
                      experiment: calls
                      sample: 0.25
                      routes: [chat]
                      content: true
                      max_text_bytes: 100
                      redact: {keys: [SSN], patterns: ['\\d{4}']}
                    """
            ).traces)
        #expect(traces.destination == .init(trackingURI: "http://127.0.0.1:5000", token: nil, experiment: "calls"))
        #expect(traces.samplingRatio == 0.25)
        #expect(traces.routes == ["chat"])
        #expect(traces.redaction.keys.contains("ssn"))
        #expect(traces.redaction.redacted("in 2026") == "in [REDACTED]")
    }

    @Test func `All secrets of a file are found, and nothing else`() throws {
        let configuration = try read(
            """
            endpoints:
              - name: a
                endpoint_type: llm/v1/chat
                model: {provider: openai, name: m, config: {openai_api_key: the-openai-key, openai_api_base: "http://127.0.0.1:1"}}
              - name: b
                endpoint_type: llm/v1/chat
                model:
                  provider: bedrock
                  name: amazon.nova-lite-v1:0
                  config:
                    aws_config:
                      aws_region: us-east-1
                      aws_access_key_id: the-key-id
                      aws_secret_access_key: the-secret
                      aws_session_token: the-token
            admin_key: the-admin-key
            traces: {tracking_uri: "http://127.0.0.1:5000", token: the-trace-token}
            """)
        #expect(
            Set(configuration.secrets(Self.catalog)) == [
                "the-openai-key", "the-key-id", "the-secret", "the-token", "the-admin-key", "the-trace-token",
            ])
        let table = try RouteTable(configuration, file: "f", catalog: Self.catalog, previous: nil)
        #expect(table.traces?.redaction.redacted("x the-secret y") == "x [REDACTED] y")
        #expect(table.routes.first?.destinations.first?.target.redaction.redacted("x the-trace-token y") == "x [REDACTED] y")
    }

    @Test func `A mistake under a secret's name doesn't quote it`() {
        let found = problems(
            Self.endpoint.replacing("openai_api_key: secret", with: "openai_api_key: [my-own-secret]") + "admin_key: [x]\n")
        #expect(!found.joined().contains("my-own-secret"), "\(found)")
    }

    @Test func `Mistakes in traces are reported with their lines`() {
        #expect(
            problems(
                Self.endpoint + """
                    traces:
                      tracking_uri: nowhere
                      sample: 2
                      routes: [other]
                      redact: {patterns: ['[']}
                      colour: blue
                    """
            ).map { $0.prefix { $0 != ":" } } == ["6", "7", "8", "9", "10"])
    }

    @Test(arguments: ["*i: month", "[*i]: month", "? *i\n: month", "z: [*i, *i name: month]", "z: {*i : month}"])
    func `An alias in a key's name is rejected quickly`(key: String) {
        let anchors = zip("abcdefghi", "xabcdefgh").map { name, last in
            "\(name): &\(name) [\(Array(repeating: last == "x" ? "x" : "*\(last)", count: 9).joined(separator: ", "))]\n"
        }
        let duration = ContinuousClock().measure {
            let problems = problems(anchors.joined() + key + "\n" + Self.endpoint)
            #expect(problems.count == 1 && (problems[0].contains("aliases are not allowed") || problems[0].contains("YAML")), "\(problems)")
        }
        #expect(duration < .seconds(5))
    }

    @Test func `Aliases that expand to billions of values are rejected, and a few aliases are accepted`() {
        var bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
        for (name, last) in zip("bcdefghij", "abcdefghi") {
            bomb += "\(name): &\(name) [\([String](repeating: "*\(last)", count: 10).joined(separator: ","))]\n"
        }
        let duration = ContinuousClock().measure { #expect(problems(bomb).first?.contains("more than 100000 values") == true) }
        #expect(duration < .seconds(2))
        #expect(
            problems("endpoints: " + String(repeating: "[", count: 200) + String(repeating: "]", count: 200)).first?.contains(
                "deeper than 50") == true)
        let shared = """
            endpoints:
              - name: one
                endpoint_type: llm/v1/chat
                model: &model {provider: openai, name: gpt-4o-mini, config: {openai_api_key: secret}}
              - {name: two, endpoint_type: llm/v1/chat, model: *model}

            """
        #expect(problems(shared) == [])
    }
}

import TestSupport
import Testing

@testable import Tracking

/// Both engines return the same results, although they execute searches differently.
@Suite struct RunSearchTests {
    /// Runs `a` to `e`. The metric `loss` is 1, 2, NaN, missing and 4; the param `loss` is v1 to v5.
    private func withRuns(_ engine: TestEngine, _ body: @Sendable (TrackingFixture) async throws -> Void) async throws {
        try await TrackingFixture.run(on: engine) { fixture in
            for (index, (name, loss)) in zip("abcde", ["1", "2", "\"NaN\"", "", "4"]).enumerated() {
                let response = try await fixture.api.post(
                    "runs/create", "{\"experiment_id\":\"0\",\"run_name\":\"\(name)\",\"start_time\":\(index)}")
                let run = try #require(response.string("run.info.run_id"))
                let metrics = loss.isEmpty ? "" : "{\"key\":\"loss\",\"value\":\(loss),\"timestamp\":1,\"step\":0}"
                let logged = try await fixture.api.post(
                    "runs/log-batch",
                    """
                    {"run_id":"\(run)","metrics":[\(metrics)],"params":[{"key":"loss","value":"v\(index + 1)"}],\
                    "tags":[{"key":"even","value":"\(index % 2 == 0)"}]}
                    """)
                #expect(logged.status == 200, "\(logged.text)")
            }
            try await body(fixture)
        }
    }

    @Test(arguments: TestEngine.available)
    func `A search with too many comparisons for its experiments is rejected`(engine: TestEngine) async throws {
        try await TrackingFixture.run(on: engine) { fixture in
            let experiments = (0..<50_000).map { "\"\($0)\"" }.joined(separator: ",")
            let filter = Array(repeating: "dataset.name = 'x'", count: 100).joined(separator: " AND ")
            let runs = try await fixture.api.post("runs/search", "{\"experiment_ids\":[\(experiments)],\"filter\":\"\(filter)\"}")
            #expect(runs.status == 400)
            #expect(runs.error?.contains("too many comparisons for the number of experiments") == true)
            let datasets = Array(repeating: "{\"dataset_name\":\"a\"}", count: 5_000).joined(separator: ",")
            let metrics = Array(repeating: "metrics.a > 1", count: 100).joined(separator: " AND ")
            let models = try await fixture.api.post(
                "logged-models/search", "{\"experiment_ids\":[\"0\"],\"filter\":\"\(metrics)\",\"datasets\":[\(datasets)]}")
            #expect(models.status == 400)
            #expect(models.error?.contains("too many datasets") == true)
        }
    }

    @Test(
        arguments: TestEngine.available,
        [
            ("", "", "edcba"),
            ("", #""metrics.loss""#, "abecd"),
            ("", #""metrics.loss DESC""#, "ebacd"),
            ("metrics.loss > 1", #""metrics.loss DESC""#, "eb"),
            ("metrics.loss != 2", #""metrics.loss""#, "aec"),
            ("metrics.loss < 4 and metrics.loss > 1", #""metrics.loss""#, "b"),
            ("metrics.loss < 4", #""params.loss DESC""#, "ba"),
            ("metrics.loss < 4", #""params.loss DESC", "metrics.loss""#, "ba"),
            ("params.loss = 'v4'", #""metrics.loss""#, "d"),
            ("params.loss != 'v4' and tags.even = 'true'", #""metrics.loss DESC", "params.loss""#, "eac"),
            ("tags.none IS NULL and tags.even = 'false'", #""attributes.start_time""#, "bd"),
            ("", #""tags.even", "params.loss DESC", "metrics.a", "metrics.b", "metrics.c""#, "dbeca"),
        ])
    func `Runs are filtered and sorted`(engine: TestEngine, search: (filter: String, order: String, found: String)) async throws {
        try await withRuns(engine) { fixture in
            let fields = "\"experiment_ids\":[\"0\"],\"filter\":\"\(search.filter)\",\"order_by\":[\(search.order)]"
            let whole = try await fixture.api.post("runs/search", "{\(fields)}")
            #expect(whole.strings("runs.info.run_name").joined() == search.found, "\(whole.text)")
            // The same search with two results per page.
            var paged = ""
            var token = ""
            repeat {
                let page = try await fixture.api.post(
                    "runs/search", "{\(fields),\"max_results\":2,\"page_token\":\"\(token)\"}")
                paged += page.strings("runs.info.run_name").joined()
                token = page.string("next_page_token") ?? ""
            } while !token.isEmpty
            #expect(paged == search.found)
        }
    }
}

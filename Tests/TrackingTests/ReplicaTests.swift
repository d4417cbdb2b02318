import Database
import TestSupport
import Testing

@testable import Tracking

/// Several services share one database, so one may change a metric that another has cached.
@Suite struct ReplicaTests {
    private static func batch(_ run: String, _ step: Int, keys: [String] = ["loss", "accuracy", "rate"]) -> String {
        let metrics = keys.map { "{\"key\":\"\($0)\",\"value\":\(step),\"timestamp\":\(step),\"step\":\(step)}" }
        return "{\"run_id\":\"\(run)\",\"metrics\":[\(metrics.joined(separator: ","))]}"
    }

    /// The steps of a metric; also checks the stored count.
    private func steps(_ key: String, _ run: String, _ fixture: TrackingFixture) async throws -> [Int64] {
        let response = try await fixture.api.get("metrics/get-history?run_id=\(run)&metric_key=\(key)")
        let steps = response.integers("metrics.step")
        let counted = try await fixture.database.read { connection in
            try connection.rows(
                """
                SELECT l.points FROM latest_metrics l JOIN runs r ON r.id = l.run_id JOIN keys k ON k.id = l.key_id
                WHERE r.run_uuid = \(run) AND k.name = \(key)
                """
            ) { $0.int(0) }
        }
        #expect(counted == [Int64(steps.count)])
        return steps
    }

    @Test(arguments: TestEngine.available)
    func `Two services that log in turn lose no points, and each batch is complete`(engine: TestEngine) async throws {
        try await TrackingFixture.run(on: engine) { fixture in
            let run = try await fixture.run()
            try await fixture.withReplica { other in
                for step in 0..<100 {
                    // Each logs alone for a while, so that it caches the series. Then one metric changes behind the other's back.
                    let api = step / 10 % 2 == 0 ? fixture.api : other
                    let keys = step % 10 == 9 ? ["loss"] : ["loss", "accuracy", "rate"]
                    let response = try await api.post("runs/log-batch", Self.batch(run, step, keys: keys))
                    #expect(response.status == 200, "\(response.text)")
                }
            }
            #expect(try await steps("loss", run, fixture) == (0..<100).map(Int64.init))
            #expect(try await steps("rate", run, fixture) == (0..<100).filter { $0 % 10 != 9 }.map(Int64.init))
        }
    }

    @Test(arguments: TestEngine.available)
    func `Two services that log concurrently to the same runs lose no points`(engine: TestEngine) async throws {
        try await TrackingFixture.run(on: engine) { fixture in
            let runs = [try await fixture.run(), try await fixture.run(), try await fixture.run()]
            try await fixture.withReplica { other in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for client in 0..<12 {
                        let api = client % 2 == 0 ? fixture.api : other
                        group.addTask {
                            for turn in 0..<40 {
                                let response = try await api.post("runs/log-batch", Self.batch(runs[client % 3], turn * 4 + client / 3))
                                #expect(response.status == 200, "\(response.text)")
                            }
                        }
                    }
                    try await group.waitForAll()
                }
            }
            for run in runs {
                for key in ["loss", "accuracy", "rate"] {
                    #expect(try await steps(key, run, fixture) == (0..<160).map(Int64.init))
                }
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `Concurrent first points of two services are both stored, whichever comes first`(engine: TestEngine) async throws {
        try await TrackingFixture.run(on: engine) { fixture in
            try await fixture.withReplica { other in
                for _ in 0..<100 {
                    let run = try await fixture.run()
                    for step in 0..<2 { #expect(try await fixture.api.post("runs/log-batch", Self.batch(run, step)).status == 200) }
                    async let ours = fixture.api.post("runs/log-batch", Self.batch(run, 2))
                    async let others = other.post("runs/log-batch", Self.batch(run, 3))
                    #expect(try await [ours.status, others.status] == [200, 200])
                    #expect(try await steps("rate", run, fixture) == [0, 1, 2, 3])
                }
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `A run that another service has deleted accepts no points until it is restored`(engine: TestEngine) async throws {
        try await TrackingFixture.run(on: engine) { fixture in
            let (gone, kept) = (try await fixture.run(), try await fixture.run())
            try await fixture.withReplica { other in
                for step in 0..<3 {
                    for run in [gone, kept] {
                        #expect(try await fixture.api.post("runs/log-batch", Self.batch(run, step)).status == 200)
                    }
                }
                #expect(try await other.post("runs/delete", "{\"run_id\":\"\(gone)\"}").status == 200)
                for step in 3..<6 {
                    let response = try await fixture.api.post("runs/log-batch", Self.batch(gone, step))
                    #expect(response.status == 400)
                    #expect(response.text.contains("must be in the 'active' state"), "\(response.text)")
                    #expect(try await fixture.api.post("runs/log-batch", Self.batch(kept, step)).status == 200)
                }
                #expect(try await steps("loss", gone, fixture) == [0, 1, 2])
                #expect(try await steps("loss", kept, fixture) == [0, 1, 2, 3, 4, 5])
                #expect(try await other.post("runs/restore", "{\"run_id\":\"\(gone)\"}").status == 200)
                for step in 6..<9 {
                    #expect(try await fixture.api.post("runs/log-batch", Self.batch(gone, step)).status == 200)
                }
            }
            #expect(try await steps("loss", gone, fixture) == [0, 1, 2, 6, 7, 8])
        }
    }
}

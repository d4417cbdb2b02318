import ArtifactStore
import Database
import Foundation
import Primitives
import ServiceKit
import TestSupport
import Testing

@testable import Tracking

@Suite struct GarbageCollectionTests {
    /// What was removed, and the warnings.
    private typealias Outcome = (freed: GarbageCollectionSummary, warnings: [String])

    /// Runs the garbage collector with its clock at `time`.
    private func collect(_ fixture: TrackingFixture, now time: Int64, olderThan age: String = "0s") async throws -> Outcome {
        var warnings: [String] = []
        let collection = GarbageCollector(
            database: fixture.database, artifacts: fixture.artifacts, time: TimeSource { UnixMilliseconds(time) })
        let freed = try await collection.run(
            olderThan: try #require(Age(age)), events: TaskEventWriter { _ in }, warn: { warnings.append($0) })
        return (freed, warnings)
    }

    /// Writes an artifact of a run or model of experiment 0.
    private func write(_ text: String, to path: String, _ fixture: TrackingFixture) async throws {
        let response = try await fixture.api.put("/api/2.0/mlflow-artifacts/artifacts/\(path)", text)
        #expect(response.status == 200)
    }

    /// The number of rows in each table of logged data.
    private func rowCounts(_ fixture: TrackingFixture) async throws -> [String: Int64] {
        let tables: [StaticString] = [
            "experiments", "runs", "metrics", "latest_metrics", "metric_marks", "fresh_metrics", "params", "tags", "datasets",
            "run_inputs", "run_input_tags", "run_model_inputs", "run_model_outputs", "logged_models", "logged_model_params",
            "logged_model_tags", "logged_model_metrics", "removals",
        ]
        return try await fixture.database.read { connection in
            let kept = connection.dialect == .sqlite ? tables : tables.filter { $0.description != "fresh_metrics" }
            return try kept.reduce(into: [:]) { counts, table in
                counts[table.description] = try connection.first("SELECT COUNT(*) FROM \(SQL(stringLiteral: table))") { $0.int(0) }
            }
        }
    }

    /// Creates a run with every kind of data.
    private func fullRun(in experiment: String, _ fixture: TrackingFixture) async throws -> String {
        let run = try await fixture.run(in: experiment)
        let model = try await fixture.model("m", in: experiment, #","params":[{"key":"p","value":"1"}],"tags":[{"key":"t","value":"2"}]"#)
        try await fixture.log("loss", "0.5", of: model, run: run, dataset: "d", digest: "x")
        for (path, fields) in [
            ("runs/log-batch", #""params":[{"key":"a","value":"1"}],"tags":[{"key":"b","value":"2"}]"#),
            (
                "runs/log-inputs",
                """
                "datasets":[{"tags":[{"key":"mlflow.data.context","value":"train"}],"dataset":{"name":"d","digest":"x",\
                "source_type":"local","source":"s"}}],"models":[{"model_id":"\(model)"}]
                """
            ),
            ("runs/outputs", #""models":[{"model_id":"\#(model)","step":1}]"#),
        ] {
            let response = try await fixture.api.post(path, "{\"run_id\":\"\(run)\",\(fields)}")
            #expect(response.status == 200, "\(response.text)")
        }
        return run
    }

    @Test(arguments: TestEngine.available)
    func `A deleted run is removed with all of its data, and other runs stay`(engine: TestEngine) async throws {
        try await TrackingFixture.run(on: engine) { fixture in
            let kept = try await fixture.run()
            let before = try await rowCounts(fixture)
            let run = try await fullRun(in: "0", fixture)
            try await write("hello", to: "0/\(run)/artifacts/sub/note.txt", fixture)
            try await write("kept", to: "0/\(kept)/artifacts/note.txt", fixture)
            let model = try #require(
                try await fixture.api.post("logged-models/search", #"{"experiment_ids":["0"]}"#).string("models.info.model_id"))
            #expect(try await collect(fixture, now: 1_000_000).freed == GarbageCollectionSummary())
            #expect(try await fixture.api.post("runs/delete", "{\"run_id\":\"\(run)\"}").status == 200)
            #expect(try await fixture.api.delete("logged-models/\(model)").status == 200)
            let (freed, warnings) = try await collect(fixture, now: 1_000_000)
            #expect(
                freed
                    == GarbageCollectionSummary(runs: 1, metricPoints: 1, loggedModels: 1, artifactFiles: 1, artifactBytes: 5))
            #expect(warnings.isEmpty)
            var after = try await rowCounts(fixture)
            // A dataset belongs to its experiment.
            #expect(after["datasets"] == 1)
            after["datasets"] = 0
            #expect(after == before)
            #expect(try await fixture.api.get("runs/get?run_id=\(run)").error == "RESOURCE_DOES_NOT_EXIST: Run with id=\(run) not found")
            #expect(try await fixture.api.get("/api/2.0/mlflow-artifacts/artifacts?path=0").strings("files.path") == [kept])
            #expect(try await collect(fixture, now: 2_000_000).freed == GarbageCollectionSummary())
        }
    }

    @Test(arguments: TestEngine.available)
    func `A deleted experiment is removed with its runs and models, and its name and ID can't be confused with later ones`(
        engine: TestEngine
    ) async throws {
        try await TrackingFixture.run(on: engine) { fixture in
            let before = try await rowCounts(fixture)
            let experiment = try await fixture.experiment("old", tags: ["a": "b"])
            for _ in 0..<3 { _ = try await fullRun(in: experiment, fixture) }
            #expect(try await fixture.api.post("experiments/delete", "{\"experiment_id\":\"\(experiment)\"}").status == 200)
            let freed = try await collect(fixture, now: 1_000_000).freed
            #expect(freed == GarbageCollectionSummary(experiments: 1, runs: 3, metricPoints: 3, loggedModels: 3))
            #expect(try await rowCounts(fixture) == before)
            #expect(try await fixture.api.get("experiments/get?experiment_id=\(experiment)").status == 404)
            // The service still caches key IDs of the removed experiment. They must not be reused by another one.
            let next = try await fixture.experiment("old")
            #expect(next != experiment)
            let run = try await fixture.run(in: next)
            _ = try await fixture.api.post("runs/log-batch", "{\"run_id\":\"\(run)\",\"params\":[{\"key\":\"new\",\"value\":\"1\"}]}")
            #expect(try await fixture.api.get("runs/get?run_id=\(run)").strings("run.data.params.key") == ["new"])
        }
    }

    @Test func `Recently deleted entities stay and can be restored`() async throws {
        try await TrackingFixture.run(on: .sqlite) { fixture in
            let run = try await fixture.run()
            _ = try await fixture.api.post("runs/delete", "{\"run_id\":\"\(run)\"}")
            #expect(try await collect(fixture, now: 10_000, olderThan: "10s").freed == GarbageCollectionSummary())
            #expect(try await fixture.api.post("runs/restore", "{\"run_id\":\"\(run)\"}").status == 200)
            #expect(try await collect(fixture, now: 100_000, olderThan: "10s").freed == GarbageCollectionSummary())
            #expect(try await fixture.api.get("runs/get?run_id=\(run)").status == 200)
        }
    }

    @Test(arguments: TestEngine.available)
    func `Pending removals don't affect what an import has recreated`(engine: TestEngine) async throws {
        try await TrackingFixture.run(on: engine) { fixture in
            let run = try await fixture.run()
            try await write("hello", to: "0/\(run)/artifacts/note.txt", fixture)
            try await fixture.database.write { connection in
                try connection.execute(
                    """
                    INSERT INTO removals (kind, target)
                    VALUES ('experiment', '0'), ('artifacts', \("mlflow-artifacts:/0/\(run)")), ('artifacts', 'mlflow-artifacts:/')
                    """)
            }
            #expect(try await collect(fixture, now: 1_000_000).freed == GarbageCollectionSummary())
            #expect(try await fixture.api.get("runs/get?run_id=\(run)").status == 200)
            #expect(try await fixture.api.get("artifacts/list?run_id=\(run)").strings("files.path") == ["note.txt"])
            #expect(try await rowCounts(fixture)["removals"] == 0)
        }
    }

    @Test(arguments: TestEngine.available)
    func `A long history is removed in batches`(engine: TestEngine) async throws {
        try await TrackingFixture.run(on: engine) { fixture in
            let run = try await fixture.run()
            for start in stride(from: 0, to: 50, by: 10) {
                let list = (start..<start + 10).map { #"{"key":"m","value":1,"timestamp":\#($0),"step":\#($0)}"# }
                _ = try await fixture.api.post(
                    "runs/log-batch", "{\"run_id\":\"\(run)\",\"metrics\":[\(list.joined(separator: ","))]}")
            }
            _ = try await fixture.api.post("runs/delete", "{\"run_id\":\"\(run)\"}")
            let store = GarbageCollectionStore(database: fixture.database)
            let id = try #require(try await store.runs(deletedBefore: UnixMilliseconds(1_000_000)).first)
            #expect(try await store.removeRuns([id], deletedBefore: UnixMilliseconds(1_000_000)) == 1)
            var portions: [Int] = []
            while true {
                let removed = try await store.removePoints(of: id, atMost: 20)
                if removed == 0 { break }
                portions.append(removed)
            }
            #expect(portions == [21, 21, 8])
            #expect(try await store.runsWithPoints().isEmpty)
        }
    }

    @Test func `Artifacts stored elsewhere are kept, with a warning`() async throws {
        try await TrackingFixture.run(on: .sqlite) { fixture in
            let response = try await fixture.api.post("experiments/create", #"{"name":"local","artifact_location":"/data/x"}"#)
            let run = try await fixture.run(in: try #require(response.string("experiment_id")))
            _ = try await fixture.api.post("runs/delete", "{\"run_id\":\"\(run)\"}")
            let (freed, warnings) = try await collect(fixture, now: 1_000_000)
            #expect(freed == GarbageCollectionSummary(runs: 1))
            #expect(warnings == ["kept the artifacts at /data/x/\(run), because this service doesn't store them"])
        }
    }

    @Test func `Unreachable artifacts are removed by a later run`() async throws {
        try await TrackingFixture.run(on: .sqlite) { fixture in
            let run = try await fixture.run()
            try await write("hello", to: "0/\(run)/artifacts/note.txt", fixture)
            _ = try await fixture.api.post("runs/delete", "{\"run_id\":\"\(run)\"}")
            let away = fixture.directory + "-away"
            try FileManager.default.moveItem(atPath: fixture.directory, toPath: away)
            let (freed, warnings) = try await collect(fixture, now: 1_000_000)
            #expect(freed == GarbageCollectionSummary(runs: 1, failures: 1))
            #expect(warnings.count == 1)
            try FileManager.default.moveItem(atPath: away, toPath: fixture.directory)
            let retried = try await collect(fixture, now: 1_000_000).freed
            #expect(retried == GarbageCollectionSummary(artifactFiles: 1, artifactBytes: 5))
        }
    }
}

import Database
import TestSupport
import Testing
import WireProtocol

@testable import Tracking

@Suite struct KeyNameTests {
    private static let composed = "caf\u{E9}"
    private static let decomposed = "cafe\u{301}"

    @Test func `Names are compared by bytes`() {
        #expect(Self.composed == Self.decomposed)
        #expect(KeyName(Self.composed) != KeyName(Self.decomposed))
        #expect(Set([KeyName(Self.composed), KeyName(Self.decomposed), KeyName(Self.composed)]).count == 2)
    }

    @Test(arguments: TestEngine.available)
    func `Names that are only canonically equivalent are different params`(engine: TestEngine) async throws {
        try await TrackingFixture.run(on: engine) { fixture in
            let run = try await fixture.run()
            // U+AC00 and its parts are letters, so MLflow allows both names.
            let (whole, parts) = ("\u{AC00}", "\u{1100}\u{1161}")
            for (key, value) in [(whole, "1"), (parts, "2")] {
                let response = try await fixture.api.post(
                    "runs/log-parameter", "{\"run_id\":\"\(run)\",\"key\":\"\(key)\",\"value\":\"\(value)\"}")
                #expect(response.status == 200, "\(response.text)")
            }
            let params = try await fixture.api.get("runs/get?run_id=\(run)").values("run.data.params")
            let found = params.map { ($0["key"]?.stringValue.map(KeyName.init), $0["value"]?.stringValue) }
            #expect(found.contains { $0 == (KeyName(whole), "1") })
            #expect(found.contains { $0 == (KeyName(parts), "2") })
        }
    }

    @Test func `A run in a nonexistent experiment leaves no names behind`() async throws {
        try await TrackingFixture.run(on: .sqlite) { fixture in
            let response = try await fixture.api.post(
                "runs/create", #"{"experiment_id":"77","tags":[{"key":"a","value":"b"}]}"#)
            #expect(response.error == "RESOURCE_DOES_NOT_EXIST: No Experiment with id=77 exists")
            let count = try await fixture.database.read { try $0.first("SELECT COUNT(*) FROM keys") { $0.int(0) } }
            #expect(count == 0)
        }
    }
}

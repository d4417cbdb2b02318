import Testing
import WireProtocol

@testable import Tracking

@Suite struct ModelHistoryTests {
    private static let model = """
        {"run_id": "r", "artifact_path": "größe", "utc_time_created": "2023-01-01 00:00:00", "signature": {"inputs": "[]"},
         "flavors": {"sklearn": {"pickled_model": "model.pkl", "config": {"a": 1}}, "other": "text"}}
        """

    @Test func `An entry has MLflow's members and Python's JSON formatting`() throws {
        let history = try ModelHistoryEntry(modelJSON: Self.model).appended(to: nil)
        #expect(
            history == """
                [{"run_id": "r", "artifact_path": "gr\\u00f6\\u00dfe", "utc_time_created": "2023-01-01 00:00:00", \
                "model_uuid": null, "flavors": {"sklearn": {"pickled_model": "model.pkl"}, "other": "text"}}]
                """)
    }

    @Test func `An entry is appended at the end`() throws {
        let entry = try ModelHistoryEntry(
            modelJSON: #"{"run_id":null,"artifact_path":"b","flavors":null,"utc_time_created":"t","model_uuid":"u"}"#)
        #expect(
            try entry.appended(to: #"[{"artifact_path":"a"}]"#) == """
                [{"artifact_path": "a"}, {"artifact_path": "b", "utc_time_created": "t", "model_uuid": "u", "flavors": {}}]
                """)
        #expect(throws: ServiceError.self) { try entry.appended(to: "set by hand") }
    }

    @Test(arguments: ["{nonsense", "[]", "null", "5", #"{"run_id":"","artifact_path":"","utc_time_created":"","flavors":[]}"#])
    func `Anything but a model is rejected`(json: String) throws {
        let error = try #require(throws: ServiceError.self) { try ModelHistoryEntry(modelJSON: json) }
        #expect(error.message == "Malformed model info. \n \(json) \n is not a valid JSON.")
    }

    @Test func `The error names the missing fields`() throws {
        let error = try #require(throws: ServiceError.self) { try ModelHistoryEntry(modelJSON: #"{"run_id":"r","flavors":{}}"#) }
        #expect(error.message == "Model json is missing mandatory fields: {'artifact_path', 'utc_time_created'}")
    }
}

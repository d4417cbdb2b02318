import Testing
import WireProtocol

@testable import Tracking

@Suite struct LoggedModelPageTokenTests {
    private static let query: LoggedModelQuery = {
        var query = LoggedModelQuery(experimentIDs: ["0", "7"], filter: "name = 'ä'")
        query.order = [LoggedModelOrderBy(fieldName: "metrics.acc", ascending: false, datasetName: "it's")]
        return query
    }()

    private static func offset(_ change: (inout LoggedModelQuery) -> Void) throws -> Int {
        var query = query
        query.pageToken = LoggedModelPageToken.make(for: query, offset: 20)
        change(&query)
        return try LoggedModelPageToken.offset(for: query)
    }

    @Test func `A token has MLflow's format`() throws {
        var query = LoggedModelQuery(experimentIDs: ["31"])
        let token = LoggedModelPageToken.make(for: query, offset: 2)
        #expect(token == "eyJleHBlcmltZW50X2lkcyI6IFsiMzEiXSwgImZpbHRlcl9zdHJpbmciOiBudWxsLCAib3JkZXJfYnkiOiBudWxsLCAib2Zmc2V0IjogMn0=")
        query.pageToken = token
        #expect(try LoggedModelPageToken.offset(for: query) == 2)
    }

    @Test func `A query without a token starts at 0, one with its own token at the token's offset`() throws {
        #expect(try LoggedModelPageToken.offset(for: Self.query) == 0)
        #expect(try Self.offset { _ in } == 20)
        #expect(try Self.offset { $0.pageSize = 7 } == 20)
    }

    @Test func `A token of another query is rejected, and the error states the difference`() throws {
        func message(_ change: (inout LoggedModelQuery) -> Void) throws -> String {
            try #require(throws: ServiceError.self) { _ = try Self.offset(change) }.message
        }
        #expect(
            try message { $0.experimentIDs = ["0"] } == """
                Experiment IDs in the page token do not match the requested experiment IDs. Expected: ['0']. Found: ['0', '7']
                """)
        #expect(
            try message { $0.filter = nil } == """
                Filter string in the page token does not match the requested filter string. Expected: None. Found: name = 'ä'
                """)
        #expect(
            try message { $0.order[0].ascending = true } == """
                Order by in the page token does not match the requested order by. Expected: [{'field_name': 'metrics.acc', \
                'ascending': True, 'dataset_name': "it's", 'dataset_digest': None}]. Found: [{'field_name': 'metrics.acc', \
                'ascending': False, 'dataset_name': "it's", 'dataset_digest': None}]
                """)
    }

    @Test(arguments: ["nonsense!", "W10=", "bnVsbA==", "eyJvZmZzZXQiOiAtMX0=", "eyJvZmZzZXQiOiAxZTMwfQ==", "===="])
    func `A malformed token is rejected`(text: String) {
        #expect(throws: ServiceError.self) { try Self.offset { $0.pageToken = text } }
    }
}

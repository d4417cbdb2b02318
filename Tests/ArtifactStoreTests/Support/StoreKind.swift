import ArtifactStore
import Foundation
import Logging
import Testing

/// The stores that implement the same contract.
enum StoreKind: CaseIterable, CustomTestStringConvertible {
    case local
    case s3

    var testDescription: String { self == .local ? "local directory" : "S3" }

    /// Runs `body` with an empty store of this kind. Cancels the test if the store isn't available.
    func withStore<Result>(_ body: (any ArtifactStore) async throws -> Result) async throws -> Result {
        switch self {
        case .local:
            let directory = try TemporaryDirectory()
            return try await body(try openArtifactStore(uri: directory.path, environment: [:], logger: .quiet))
        case .s3:
            guard MotoServer.isAvailable else { try Test.cancel(MotoServer.skipReason) }
            return try await MotoServer.withStore(body)
        }
    }
}

extension Logger {
    static var quiet: Logger { Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }) }
}

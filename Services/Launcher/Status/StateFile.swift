internal import Foundation

/// The file in the data folder with the state of the suite, as JSON.
package struct StateFile: Sendable {
    package static let name = "unladen-state.json"

    private let path: String

    package init(in folder: DataDirectory) {
        path = folder.file(Self.name)
    }

    /// Replaces the file atomically. Only its owner can read it.
    package func write(_ state: SuiteState) throws {
        try PrivateFile.replace(path, with: try JSONEncoder.readable.encode(state))
    }

    /// The state, or `nil` when there is none.
    ///
    /// - Throws: when the file can't be read as one.
    package func read() throws -> SuiteState? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        decoder.dateDecodingStrategy = .iso8601
        return try decoder.decode(SuiteState.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    }

    /// Takes the file away, as after a stop there is nothing to tell.
    package func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }
}

extension JSONEncoder {
    /// JSON as people and scripts read it: indented, with the names of our API.
    static var readable: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.dateEncodingStrategy = .iso8601
        return encoder
    }
}

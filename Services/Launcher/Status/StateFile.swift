internal import Foundation

/// The file in the data directory with the state of the suite, as JSON.
package struct StateFile: Sendable {
    /// The name of the file.
    package static let name = "unladen-state.json"

    private let path: String

    package init(in directory: DataDirectory) {
        path = directory.file(Self.name)
    }

    /// Replaces the file atomically. Only its owner can read it.
    package func write(_ state: SuiteState) throws {
        try PrivateFile.replace(path, with: try JSONEncoder.readable.encode(state))
    }

    /// The state; `nil` when the file doesn't exist.
    ///
    /// - Throws: an error when the file can't be read or decoded.
    package func read() throws -> SuiteState? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        decoder.dateDecodingStrategy = .iso8601
        return try decoder.decode(SuiteState.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    }

    /// Removes the file, after the suite has stopped.
    package func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }
}

extension JSONEncoder {
    /// An encoder for people and scripts: indented, with snake-case names as in our API.
    static var readable: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.dateEncodingStrategy = .iso8601
        return encoder
    }
}

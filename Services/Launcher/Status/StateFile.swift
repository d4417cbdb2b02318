internal import Foundation

/// The file in the data folder with the state of the suite, as JSON.
package struct StateFile: Sendable {
    package static let name = "unladen-state.json"

    private let url: URL

    package init(in folder: DataFolder) {
        url = URL(fileURLWithPath: folder.file(Self.name))
    }

    /// Replaces the file; a reader sees the old one or the new one as a whole.
    package func write(_ state: SuiteState) throws {
        try JSONEncoder.readable.encode(state).write(to: url, options: .atomic)
    }

    /// The state, or `nil` when there is none.
    ///
    /// - Throws: when the file can't be read as one.
    package func read() throws -> SuiteState? {
        guard FileManager.default.fileExists(atPath: url.path) else { return nil }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        decoder.dateDecodingStrategy = .iso8601
        return try decoder.decode(SuiteState.self, from: Data(contentsOf: url))
    }

    /// Takes the file away, as after a stop there is nothing to tell.
    package func remove() {
        try? FileManager.default.removeItem(at: url)
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

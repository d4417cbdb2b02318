internal import JSON

/// A plugin's self-test: test vectors with the expected results, in the format that the header of the kind specifies. A vector is a JSON
/// object, and the file is `{"vectors": […]}`.
package struct PluginSelfTest: Sendable {
    package let vectors: [TestVector]

    /// Reads the vectors from a file of at most `sizeLimit` bytes.
    package init(path: String, sizeLimit: Int = 4 << 20) throws {
        let bytes = try PluginFile.read(path, limit: sizeLimit)
        let json: JSONValue
        do { json = try JSONValue(parsing: bytes) } catch { throw PluginError("the vectors file is not valid JSON: \(error)") }
        guard let vectors = json["vectors"]?.arrayValue, !vectors.isEmpty else { throw PluginError("the vectors file contains no vectors") }
        self.vectors = vectors.map(TestVector.init)
    }

    /// Runs all vectors.
    ///
    /// - Parameter probe: makes the calls of one vector and compares their results. It throws a `PluginError` if they differ.
    package func run(_ probe: (TestVector) throws -> Void) throws {
        for vector in vectors { try probe(vector) }
    }
}

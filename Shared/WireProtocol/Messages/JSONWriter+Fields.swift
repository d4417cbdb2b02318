package import JSON

extension JSONWriter {
    /// Writes a map of strings, or nothing when it is empty.
    package mutating func map(_ name: StaticString, _ pairs: [KeyValue]) {
        guard !pairs.isEmpty else { return }
        self.name(name)
        object { json in
            for pair in pairs {
                json.name(pair.key)
                json.string(pair.value)
            }
        }
    }
}

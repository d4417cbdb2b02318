package import JSON

extension JSONWriter {
    /// Writes an array, even if it is empty.
    package mutating func list(_ name: StaticString, _ values: [some JSONWritable]) {
        self.name(name)
        array { json in for value in values { value.write(to: &json) } }
    }

    /// Writes an array of strings, even if it is empty.
    package mutating func list(_ name: StaticString, _ values: [String]) {
        self.name(name)
        array { json in for value in values { json.string(value) } }
    }

    /// Writes a member, which is `null` when the value is not set.
    package mutating func nullable(_ name: StaticString, _ value: String?) {
        self.name(name)
        if let value { string(value) } else { null() }
    }

    /// Writes a member, which is `null` when the value is not set.
    package mutating func nullable(_ name: StaticString, _ value: Int64?) {
        self.name(name)
        if let value { integer(value) } else { null() }
    }

    /// Writes a member, which is `null` when the value is not set.
    package mutating func nullable(_ name: StaticString, _ value: Double?) {
        self.name(name)
        if let value { number(value) } else { null() }
    }

    /// Writes a map of strings, or nothing when it is empty, unless `evenIfEmpty`.
    package mutating func map(_ name: StaticString, _ pairs: [KeyValue], evenIfEmpty: Bool = false) {
        guard evenIfEmpty || !pairs.isEmpty else { return }
        self.name(name)
        object { json in
            for pair in pairs {
                json.name(pair.key)
                json.string(pair.value)
            }
        }
    }
}

/// The name of a metric, param or tag, compared by bytes as in the database. Swift's `String` compares by Unicode canonical
/// equivalence instead.
struct KeyName: Hashable, Comparable, Sendable {
    let text: String

    init(_ text: String) {
        self.text = text
    }

    static func == (left: Self, right: Self) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

    static func < (left: Self, right: Self) -> Bool { left.text.utf8.lexicographicallyPrecedes(right.text.utf8) }

    func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

/// Key IDs of names in one experiment.
struct KeyIDs: Sendable {
    private var ids: [KeyName: Int64]

    init(_ ids: [KeyName: Int64] = [:]) {
        self.ids = ids
    }

    /// `nil` for a name without a key ID.
    subscript(name: String) -> Int64? { ids[KeyName(name)] }
}

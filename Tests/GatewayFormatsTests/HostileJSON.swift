import JSON

/// Generates JSON in which the members of a format have unexpected values. The same seed generates the same JSON.
struct HostileJSON: RandomNumberGenerator {
    private var state: UInt64
    private let names: [String]
    private let texts: [String]

    /// - Parameters:
    ///   - names: the names of the format's members.
    ///   - texts: string values of the format.
    init(seed: UInt64, names: [String], texts: [String]) {
        state = seed
        self.names = names
        self.texts = texts + ["", "x", "{}", "data:image/png;base64,AA", "\u{0}\u{1F600}"]
    }

    mutating func object(depth: Int = 4) -> JSONObject {
        var object = JSONObject()
        for _ in 0..<Int.random(in: 0...6, using: &self) {
            object.members.append(.init(name: names.randomElement(using: &self) ?? "", value: value(depth: depth - 1)))
        }
        return object
    }

    mutating func value(depth: Int) -> JSONValue {
        switch Int.random(in: 0...(depth > 0 ? 13 : 7), using: &self) {
        case 0: .null
        case 1: .bool(Bool.random(using: &self))
        case 2: .integer([0, 1, -1, .max, .min, 3].randomElement(using: &self) ?? 0)
        case 3: .number([0, -0.5, 1e300, .nan, .infinity, 0.7].randomElement(using: &self) ?? 0)
        case 4...7: .string(texts.randomElement(using: &self) ?? "")
        case 8...10: .array((0..<Int.random(in: 0...3, using: &self)).map { _ in value(depth: depth - 1) })
        default: .object(object(depth: depth - 1))
        }
    }

    /// The next random number (SplitMix64).
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

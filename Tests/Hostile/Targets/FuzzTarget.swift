/// A parser of untrusted bytes, called by the fuzzer and the corpus test.
///
/// `run` may accept or reject the bytes, but must return quickly and use little memory. It checks invariants with
/// ``FuzzTarget/require(_:_:)``, which traps, so that the fuzzer detects a failure.
struct FuzzTarget: Sendable, CustomStringConvertible {
    /// The name on the command line, and of the corpus directory.
    let name: String
    let run: @Sendable ([UInt8]) -> Void

    var description: String { name }

    /// All targets, sorted by name.
    static let all: [FuzzTarget] =
        (formats + requests + graphql + spans + searches + gateway + adapters + storage + connections).sorted {
            $0.name < $1.name
        }

    /// Traps when an invariant doesn't hold.
    static func require(_ holds: Bool, _ what: StaticString) {
        if !holds { fatalError("\(what)") }
    }
}

/// An input whose first bytes are choices, and whose rest is the data.
struct FuzzInput {
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    /// Consumes a byte and returns a number below `limit`; returns 0 at the end of the input.
    mutating func choice(_ limit: Int) -> Int { Int(rest.popFirst() ?? 0) % limit }

    /// The remaining bytes.
    var bytes: [UInt8] { Array(rest) }
    var text: String { String(decoding: rest, as: UTF8.self) }

    /// The remaining bytes in parts of equal length, from 1 to 64.
    mutating func pieces() -> [ArraySlice<UInt8>] {
        let size = choice(64) + 1
        return stride(from: rest.startIndex, to: rest.endIndex, by: size).map { rest[$0..<min($0 + size, rest.endIndex)] }
    }
}

/// A parser of bytes from outside, as the fuzzer and the corpus test call it.
///
/// `run` may find the bytes good or bad: what matters is that it returns, soon and in little memory. A check that fails in it calls
/// ``FuzzTarget/require(_:_:)``, which traps, as that is what a fuzzer notices.
struct FuzzTarget: Sendable, CustomStringConvertible {
    /// Its name on the command line, and that of the corpus's folder.
    let name: String
    let run: @Sendable ([UInt8]) -> Void

    var description: String { name }

    /// All targets, by name.
    static let all: [FuzzTarget] =
        (formats + requests + graphql + spans + searches + gateway + adapters + storage + connections).sorted {
            $0.name < $1.name
        }

    /// Traps when something that must hold doesn't.
    static func require(_ holds: Bool, _ what: StaticString) {
        if !holds { fatalError("\(what)") }
    }
}

/// Hands out the first bytes of an input as choices; the rest is the text.
struct FuzzInput {
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    /// A number below `limit`, 0 at the end of the input.
    mutating func choice(_ limit: Int) -> Int { Int(rest.popFirst() ?? 0) % limit }

    /// All that is left.
    var bytes: [UInt8] { Array(rest) }
    var text: String { String(decoding: rest, as: UTF8.self) }

    /// All that is left, cut into pieces of a length from 1 to 64.
    mutating func pieces() -> [ArraySlice<UInt8>] {
        let size = choice(64) + 1
        return stride(from: rest.startIndex, to: rest.endIndex, by: size).map { rest[$0..<min($0 + size, rest.endIndex)] }
    }
}

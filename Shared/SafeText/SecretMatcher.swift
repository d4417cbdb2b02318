/// Finds all secrets in a single pass over a text (Aho and Corasick, 1975). The time doesn't depend on the number of secrets.
struct SecretMatcher: Sendable {
    // A trie of the secrets' bytes with numbered nodes; 0 is the root.
    private var byte: [UInt8] = [0]
    private var firstChild: [Int32] = [none]
    private var nextSibling: [Int32] = [none]
    /// The node of the longest proper suffix that is also a prefix of a secret.
    private var fallback: [Int32] = [0]
    /// The depth of each node in bytes.
    private var depth: [Int32] = [0]
    /// The length in bytes of the longest secret that ends at each node; 0 if none does.
    private var longest: [Int32] = [0]
    /// The children of the root, for direct lookup.
    private var rootChildren = [Int32](repeating: 0, count: 256)

    private static let none: Int32 = -1

    /// The length of the longest secret in bytes.
    private(set) var maximumLength = 0

    var isEmpty: Bool { byte.count == 1 }

    init() {}

    init(_ secrets: some Sequence<[UInt8]>) {
        for secret in secrets where !secret.isEmpty { insert(secret) }
        addFallbacks()
    }

    private mutating func insert(_ secret: [UInt8]) {
        maximumLength = max(maximumLength, secret.count)
        var node: Int32 = 0
        for value in secret {
            if let child = child(of: node, value) {
                node = child
                continue
            }
            let child = Int32(byte.count)
            byte.append(value)
            firstChild.append(Self.none)
            nextSibling.append(firstChild[Int(node)])
            fallback.append(0)
            depth.append(depth[Int(node)] + 1)
            longest.append(0)
            firstChild[Int(node)] = child
            if node == 0 { rootChildren[Int(value)] = child }
            node = child
        }
        longest[Int(node)] = depth[Int(node)]
    }

    /// Computes the fallbacks breadth-first, because the fallback of a node is closer to the root.
    private mutating func addFallbacks() {
        var queue: [Int32] = [0]
        var next = 0
        while next < queue.count {
            let node = queue[next]
            next += 1
            var child = firstChild[Int(node)]
            while child != Self.none {
                if node != 0 { fallback[Int(child)] = step(fallback[Int(node)], byte[Int(child)]) }
                longest[Int(child)] = max(longest[Int(child)], longest[Int(fallback[Int(child)])])
                queue.append(child)
                child = nextSibling[Int(child)]
            }
        }
    }

    private func child(of node: Int32, _ value: UInt8) -> Int32? {
        if node == 0 { return rootChildren[Int(value)] == 0 ? nil : rootChildren[Int(value)] }
        var child = firstChild[Int(node)]
        while child != Self.none {
            if byte[Int(child)] == value { return child }
            child = nextSibling[Int(child)]
        }
        return nil
    }

    private func step(_ node: Int32, _ value: UInt8) -> Int32 {
        var node = node
        while node != 0 {
            if let child = child(of: node, value) { return child }
            node = fallback[Int(node)]
        }
        return rootChildren[Int(value)]
    }

    /// The ranges of the secrets in a text.
    ///
    /// - Parameter minimumFragment: the minimum length in bytes of a secret's beginning at the end of the text that counts as a match.
    func ranges(in text: [UInt8], minimumFragment: Int) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var node: Int32 = 0
        for (index, value) in text.enumerated() {
            node = node == 0 ? rootChildren[Int(value)] : step(node, value)
            let length = Int(longest[Int(node)])
            guard length > 0 else { continue }
            var found = index + 1 - length..<index + 1
            while let last = ranges.last, found.lowerBound <= last.upperBound {
                found = min(last.lowerBound, found.lowerBound)..<found.upperBound
                ranges.removeLast()
            }
            ranges.append(found)
        }
        let piece = Int(depth[Int(node)])
        if piece >= max(minimumFragment, 1) { ranges.append(text.count - piece..<text.count) }
        return ranges
    }
}

/// Finds any number of secrets in one pass over a text (Aho and Corasick, 1975): the time doesn't depend on how many there are.
struct SecretMatcher: Sendable {
    // A tree of the secrets' bytes, whose nodes are numbered; 0 is its root.
    private var byte: [UInt8] = [0]
    private var firstChild: [Int32] = [none]
    private var nextSibling: [Int32] = [none]
    /// The node of the longest proper suffix that begins a secret as well.
    private var fallback: [Int32] = [0]
    /// The number of bytes up to each node.
    private var depth: [Int32] = [0]
    /// The number of bytes of the longest secret that ends at each node; 0 where none does.
    private var longest: [Int32] = [0]
    /// The children of the root, which most bytes ask for.
    private var rootChildren = [Int32](repeating: 0, count: 256)

    private static let none: Int32 = -1

    /// The number of bytes of the longest secret.
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

    /// By levels of the tree: the fallback of a node is nearer to the root.
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

    /// Where secrets stand.
    ///
    /// - Parameter minimumFragment: also finds what stands at the end of the text and begins a secret, if it has this many bytes.
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

/// The pairs of matching brackets.
struct BracketPairs {
    /// The maximum nesting depth of brackets, the same as MLflow's.
    static let maximumDepth = 100

    /// The token index of each closing bracket by that of its opening bracket.
    private var closers: [Int: Int] = [:]

    /// Pairs every closing bracket with the nearest open one of its kind. Unpaired brackets are not an error here.
    init(_ tokens: [Token]) throws(SyntaxError) {
        var parentheses: [Int] = []
        var brackets: [Int] = []
        for (index, token) in tokens.enumerated() {
            switch token.kind {
            case .openParenthesis: parentheses.append(index)
            case .openBracket: brackets.append(index)
            case .closeParenthesis: if let opener = parentheses.popLast() { closers[opener] = index }
            case .closeBracket: if let opener = brackets.popLast() { closers[opener] = index }
            default: break
            }
        }
        guard !isTooDeep else { throw .tooDeep }
    }

    func closer(of opener: Int) -> Int? { closers.isEmpty ? nil : closers[opener] }

    private var isTooDeep: Bool {
        guard closers.count > Self.maximumDepth else { return false }
        var open: [Int] = []
        for (opener, closer) in closers.sorted(by: { $0.key < $1.key }) {
            while let last = open.last, last < opener { open.removeLast() }
            open.append(closer)
            if open.count > Self.maximumDepth { return true }
        }
        return false
    }
}

/// Splits a string into words as a POSIX shell does: at whitespace outside of quotes, with the quotes removed.
struct ShellWords {
    private var words: [String] = []
    private var word = ""
    /// Whether a word has begun; it may still be empty, as `""` is.
    private var isInWord = false
    private var quote: Unicode.Scalar?

    /// The words; `nil` if a quote is not closed or the string ends with a backslash.
    static func split(_ text: String) -> [String]? {
        var splitter = ShellWords()
        var scalars = text.unicodeScalars.makeIterator()
        while let scalar = scalars.next() {
            if scalar == "\\", splitter.quote != "'" {
                guard let next = scalars.next() else { return nil }
                splitter.addEscaped(next)
            } else {
                splitter.add(scalar)
            }
        }
        guard splitter.quote == nil else { return nil }
        splitter.endWord()
        return splitter.words
    }

    private mutating func add(_ scalar: Unicode.Scalar) {
        switch (scalar, quote) {
        case (_, let open?) where scalar == open:
            quote = nil
        case ("'", nil), ("\"", nil):
            quote = scalar
            isInWord = true
        case (" ", nil), ("\t", nil), ("\r", nil), ("\n", nil):
            endWord()
        default:
            word.unicodeScalars.append(scalar)
            isInWord = true
        }
    }

    /// Adds an escaped character. In double quotes, the backslash is kept unless a quote or a backslash follows it.
    private mutating func addEscaped(_ scalar: Unicode.Scalar) {
        if quote != nil, scalar != "\"", scalar != "\\" { word.unicodeScalars.append("\\") }
        word.unicodeScalars.append(scalar)
        isInWord = true
    }

    private mutating func endWord() {
        if isInWord { words.append(word) }
        word = ""
        isInWord = false
    }
}

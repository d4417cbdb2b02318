/// Words are separated by ASCII whitespace. They are the tokens of the fake provider.
enum Words {
    static func count(_ text: String) -> Int {
        var count = 0
        var isInWord = false
        for byte in text.utf8 {
            let isSpace = Self.isSpace(byte)
            if !isSpace, !isInWord { count += 1 }
            isInWord = !isSpace
        }
        return count
    }

    /// The words, each with the preceding whitespace, and the last also with the trailing one. Joined, they are the text.
    static func split(_ text: String) -> [Substring] {
        var words: [Substring] = []
        var start = text.startIndex
        var isInWord = false
        for index in text.utf8.indices {
            let isSpace = Self.isSpace(text.utf8[index])
            if isSpace, isInWord {
                words.append(text[start..<index])
                start = index
            }
            isInWord = !isSpace
        }
        let rest = text[start...]
        if isInWord || words.isEmpty {
            if !rest.isEmpty { words.append(rest) }
        } else {
            words[words.count - 1] += rest
        }
        return words
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }
}

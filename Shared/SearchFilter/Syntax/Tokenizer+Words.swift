/// Words: names, reserved words, and operators that are words.
extension Tokenizer {
    mutating func word() -> Token.Kind {
        let start = position
        let end = source.wordEnd(from: start)
        position = end
        // These are reserved even where any other word would be a name.
        if (2...6).contains(end - start), Self.alwaysReserved.contains(source.capitals(start..<end)) { return .keyword }
        if CharacterClasses.isNameStart(source.character(at: start).scalar),
            source[start - 1] == UInt8(ascii: ".") || source[end] == UInt8(ascii: "(") || isOwner(before: end)
        {
            return .name
        }
        if let kind = phrase(beginningWith: source.capitals(start..<end)) { return kind }
        position = source.wordEnd(from: end, alsoWith: UInt8(ascii: "$"), UInt8(ascii: "#"))
        let word = source.capitals(start..<position)
        if ReservedWords.keywords.contains(word) { return .keyword }
        if ReservedWords.types.contains(word) { return .type }
        return word == "DIV" ? .arithmetic : .name
    }

    private static let alwaysReserved: Set<String> = ["CASE", "IN", "VALUES", "USING", "FROM", "AS"]

    /// Whether a dot follows, so that the word qualifies the next one. (`x.5` is a word and a number.)
    private func isOwner(before end: Int) -> Bool {
        let dot = source.spaceEnd(from: end)
        return source[dot] == UInt8(ascii: ".") && !CharacterClasses.isDigit(source[dot + 1])
    }

    /// A token that consists of one or more fixed words.
    private mutating func phrase(beginningWith word: String) -> Token.Kind? {
        switch word {
        case "LIKE", "ILIKE", "RLIKE":
            return .comparison
        case "REGEXP":
            takeFollowing("BINARY")
            return .comparison
        case "NOT":
            if takeFollowing("NULL") { return .keyword }
            if takeFollowing("LIKE", "ILIKE", "RLIKE") { return .comparison }
            guard takeFollowing("REGEXP") else { return nil }
            takeFollowing("BINARY")
            return .comparison
        case "ASC", "DESC":
            let end = position
            if takeFollowing("NULLS"), !takeFollowing("FIRST", "LAST") { position = end }
            return .order
        case "NULLS":
            return takeFollowing("FIRST", "LAST") ? .order : nil
        case "ORDER", "GROUP":
            return takeFollowing("BY") ? .keyword : nil
        case "UNION":
            return takeFollowing("ALL") ? .keyword : nil
        case "PRIMARY":
            return takeFollowing("KEY") ? .keyword : nil
        default:
            return nil
        }
    }

    /// Consumes one of `words` if it comes next, after whitespace.
    @discardableResult
    private mutating func takeFollowing(_ words: String...) -> Bool {
        let start = source.spaceEnd(from: position)
        guard start > position else { return false }
        let end = source.wordEnd(from: start)
        guard words.contains(source.capitals(start..<end)) else { return false }
        position = end
        return true
    }
}

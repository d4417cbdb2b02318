extension String {
    /// The string without its surrounding quotes, if it is enclosed in one of `quotes`.
    func unquoted(_ quotes: Unicode.Scalar...) -> String {
        guard utf8.count >= 2, let quote = utf8.first, quote == utf8.last,
            quotes.contains(Unicode.Scalar(quote))
        else { return self }
        return String(self[utf8.index(after: utf8.startIndex)..<utf8.index(before: utf8.endIndex)])
    }

    /// A key without its quotes, which may be of any kind, and without backquotes inside of these.
    var unquotedKey: String { unquoted("'", "\"").unquoted("`") }
}

extension String {
    /// A database URI without the user, password and secret parameters.
    ///
    /// Removes everything up to the last `@`: a password may contain an unencoded `@` or `/`, and a mistyped URI may lack its `//`.
    package var withoutCredentials: String {
        guard let at = lastIndex(of: "@") else { return Redaction.standard.redacted(self) }
        let scheme = firstRange(of: "://").map { self[..<$0.upperBound] } ?? prefix { $0.isLetter }
        let uri = scheme.endIndex <= at ? String(scheme) + Redaction.placeholder + self[at...] : self
        return Redaction.standard.redacted(uri)
    }
}

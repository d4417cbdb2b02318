extension String {
    /// A URI as it may be shown: without its user and password, and without parameters that are secret.
    ///
    /// A password that isn't encoded as it should be may have an `@` or a `/` in it, and a mistyped URI may lack its `//`: so everything
    /// up to the last `@` goes.
    package var withoutCredentials: String {
        guard let at = lastIndex(of: "@") else { return Redaction.standard.redacted(self) }
        let scheme = firstRange(of: "://").map { self[..<$0.upperBound] } ?? prefix { $0.isLetter }
        let uri = scheme.endIndex <= at ? String(scheme) + Redaction.mark + self[at...] : self
        return Redaction.standard.redacted(uri)
    }
}

/// The reason why spans are rejected.
package enum OTLPError: Error, Equatable {
    /// The bytes aren't a valid request.
    case malformed(String)
    /// The whole request exceeds a limit.
    case requestTooLarge(String)
    /// One span exceeds a limit; the others can be stored.
    case spanTooLarge(String)
    /// No memory could be reserved for the request.
    case outOfMemory
}

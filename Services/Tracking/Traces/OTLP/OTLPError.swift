/// Why spans can't be taken.
enum OTLPError: Error, Equatable {
    /// The bytes are no request.
    case malformed(String)
    /// The whole request exceeds a limit.
    case requestTooLarge(String)
    /// One span exceeds a limit; the others can be taken.
    case spanTooLarge(String)
    /// No memory could be reserved for the request.
    case outOfMemory
}

internal import WireProtocol

/// What filters and metric queries compare.
extension Assessment {
    /// The value as a finite number, for comparison with `<` and `>`; `nil` if it isn't one.
    var number: Double? { kind == .issue ? nil : value.doubleValue.flatMap { $0.isFinite ? $0 : nil } }

    /// The session that the assessment applies to; `nil` if it applies to this trace only.
    var session: String? { metadata.last { $0.key == TraceKey.session }?.value }
}

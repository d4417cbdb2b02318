/// The version of MLflow that a client says it has.
enum ClientVersion {
    /// Whether a client sends its spans over OTLP, which MLflow's clients do since 3.4. Older ones keep them as a file among the
    /// artifacts, and would look for them in vain if they were told that the spans are here.
    ///
    /// - Parameters:
    ///   - version: the header `X-MLflow-Client-Version`.
    ///   - agent: the header `User-Agent`, which older clients have alone.
    static func sendsSpans(version: String?, agent: String?) -> Bool {
        let text = version ?? agent.flatMap { $0.hasPrefix(product) ? String($0.dropFirst(product.count)) : nil }
        let parts = text?.split(separator: ".").prefix(2).map { Int($0.prefix(while: \.isNumber)) } ?? []
        guard parts.count == 2, let major = parts[0], let minor = parts[1] else { return false }
        return major > 3 || (major == 3 && minor >= 4)
    }

    private static let product = "mlflow-python-client/"
}

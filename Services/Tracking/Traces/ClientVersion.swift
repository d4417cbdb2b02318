/// The MLflow version that a client reports.
enum ClientVersion {
    /// Whether the client sends its spans over OTLP, as MLflow's clients do since 3.4. Older clients store spans in an artifact
    /// file, and would fail to find them if the server reported that it stores the spans.
    ///
    /// - Parameters:
    ///   - version: the value of `X-MLflow-Client-Version`.
    ///   - agent: the value of `User-Agent`, the only source of the version for older clients.
    static func sendsSpans(version: String?, agent: String?) -> Bool {
        let text = version ?? agent.flatMap { $0.hasPrefix(product) ? String($0.dropFirst(product.count)) : nil }
        let parts = text?.split(separator: ".").prefix(2).map { Int($0.prefix(while: \.isNumber)) } ?? []
        guard parts.count == 2, let major = parts[0], let minor = parts[1] else { return false }
        return major > 3 || (major == 3 && minor >= 4)
    }

    private static let product = "mlflow-python-client/"
}

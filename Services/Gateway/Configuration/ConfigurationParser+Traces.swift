internal import Foundation
internal import SafeText
internal import ServiceClient
internal import ServiceKit

// `traces:`

extension ConfigurationParser {
    /// Parses `traces:`. After a mistake, which is added to the problems, the result must not be used.
    func traces(_ node: ConfigurationNode) -> TraceSettings? {
        guard let members = node.members() else { return nil }
        let uriNode = members["tracking_uri"]
        let uri = uriNode.map { $0.string() } ?? Environment["MLFLOW_TRACKING_URI"]
        if uriNode == nil, uri == nil { node.problem("'tracking_uri' is missing, and MLFLOW_TRACKING_URI isn't set") }
        if let uri, ServiceAddress(uri) == nil { (uriNode ?? node).problem("expected the URL of a tracking server, http://HOST:PORT") }
        let token = members["token"].flatMap(secret)
        let experiment = members["experiment"].map { $0.string() } ?? "gateway"
        let samplingRatio = members["sample"].map { $0.number(0...1) } ?? 1
        let routes = members["routes"].map { $0.elements().compactMap { $0.string() } }
        let content = members["content"].map { $0.boolean() } ?? true
        let maxTextBytes = members["max_text_bytes"].map { $0.integer(16...16_777_216) } ?? 16_384
        var redaction = Redaction(maxTextBytes: Int(maxTextBytes ?? 16_384))
        if let redact = members["redact"]?.members() {
            redaction.keys.formUnion((redact["keys"]?.elements() ?? []).compactMap { $0.string()?.lowercased() })
            redaction.patterns += (redact["patterns"]?.elements() ?? []).compactMap(pattern)
            redact.reportUnknownKeys()
        }
        members.reportUnknownKeys()
        return TraceSettings(
            destination: .init(trackingURI: uri.flatMap { $0 } ?? "", token: token, experiment: experiment ?? ""),
            samplingRatio: samplingRatio ?? 0, routes: routes, routesLine: members["routes"]?.line ?? node.line,
            capturesContent: content ?? false, redaction: redaction)
    }

    private func pattern(_ node: ConfigurationNode) -> NSRegularExpression? {
        guard let text = node.string() else { return nil }
        guard let expression = try? NSRegularExpression(pattern: text) else {
            node.problem("expected a regular expression")
            return nil
        }
        return expression
    }
}

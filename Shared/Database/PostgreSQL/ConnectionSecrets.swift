internal import Foundation
internal import SafeText

/// What is secret in a connection URI. libpq quotes a URI that it can't read, or a part of it, in its messages.
struct ConnectionSecrets {
    private var redaction = Redaction.standard

    init(_ uri: String) {
        let rest = uri.firstRange(of: "://").map { uri[$0.upperBound...] } ?? uri[...]
        var secrets: [Substring] = []
        // Whatever libpq takes for the end of the password, none of it is shown.
        for at in rest.indices where rest[at] == "@" {
            let credentials = rest[..<at]
            secrets.append(credentials.firstIndex(of: ":").map { credentials[credentials.index(after: $0)...] } ?? "")
        }
        if let query = rest.firstIndex(of: "?") {
            for parameter in rest[rest.index(after: query)...].split(separator: "&") {
                let parts = parameter.split(separator: "=", maxSplits: 1)
                if parts.count == 2, parts[0].hasSuffix("password") { secrets.append(parts[1]) }
            }
        }
        redaction.add(secrets: secrets.flatMap { [String($0), $0.removingPercentEncoding ?? ""] }, shortest: 2)
    }

    func removed(from message: String) -> String { redaction.redacted(message) }
}

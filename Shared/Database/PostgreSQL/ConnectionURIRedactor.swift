internal import Foundation
internal import SafeText

/// Removes the secrets of a connection URI from messages. libpq's messages quote a URI that it can't parse, or parts of it.
struct ConnectionURIRedactor {
    private var redaction = Redaction.standard

    init(_ uri: String) {
        let rest = uri.firstRange(of: "://").map { uri[$0.upperBound...] } ?? uri[...]
        var secrets: [Substring] = []
        // A password may contain an unencoded `@`, so all text before any `@` is treated as secret.
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
        // libpq may end the password at another delimiter and then quote the rest of it as the host.
        let parts = secrets.flatMap { [$0] + $0.split { "@/?#:&".contains($0) } }
        redaction.add(secrets: parts.flatMap { [String($0), $0.removingPercentEncoding ?? ""] }, minimumLength: 2)
    }

    func redacted(_ message: String) -> String { redaction.redacted(message) }
}

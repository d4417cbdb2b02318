internal import Primitives
internal import ServiceKit

/// A URI split like Python's `urllib.parse.urlsplit`, which MLflow's clients and servers use.
struct SourceURI: Sendable {
    /// In lowercase; empty for a path.
    private(set) var scheme = ""
    /// The part between `//` and the next `/`.
    private(set) var authority = ""
    /// Still percent-encoded, without query and fragment.
    private(set) var path: String

    /// - Parameter splitsFragment: whether a `#` ends the path.
    init(_ text: String, splitsFragment: Bool = true) {
        // Python strips leading whitespace and control characters, and these three anywhere.
        var rest = text.unicodeScalars.drop { $0.value <= 0x20 }.filter { !["\t", "\r", "\n"].contains($0) }[...]
        if let colon = rest.firstIndex(of: ":"), let first = rest.first, first.isASCII, first.properties.isAlphabetic,
            rest[..<colon].allSatisfy(Self.isSchemeScalar)
        {
            scheme = String(Substring(rest[..<colon])).lowercased()
            rest = rest[rest.index(after: colon)...]
        }
        if rest.starts(with: "//".unicodeScalars) {
            let after = rest.dropFirst(2)
            let end = after.firstIndex { ["/", "?", "#"].contains($0) } ?? after.endIndex
            authority = String(Substring(after[..<end]))
            rest = after[end...]
        }
        path = String(Substring(rest.prefix { $0 != "?" && !(splitsFragment && $0 == "#") }))
    }

    /// The host in the authority, in lowercase, without user and port.
    var host: String {
        let host = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        if host.hasPrefix("[") { return host.dropFirst().prefix { $0 != "]" }.lowercased() }
        return host.prefix { $0 != ":" }.lowercased()
    }

    /// The nonempty segments of the path, each percent-decoded repeatedly until nothing is left to decode.
    var segments: [String] { path.split(separator: "/").map { Self.fullyDecoded(String($0), plusIsSpace: false) } }

    /// Percent-decodes a string repeatedly until nothing is left to decode.
    static func fullyDecoded(_ text: String, plusIsSpace: Bool) -> String {
        var text = text
        while true {
            let decoded = PercentEncoding.decode(text, plusIsSpace: plusIsSpace)
            if decoded == text { return text }
            text = decoded
        }
    }

    private static func isSchemeScalar(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "+", "-", ".": true
        default: false
        }
    }
}

/// The content codings in which precompressed copies of a file may exist.
enum ContentCoding: String, CaseIterable, Sendable {
    // In order of preference.
    case brotli = "br"
    case gzip = "gzip"

    /// The file name suffix of the compressed copy.
    var suffix: String { self == .brotli ? ".br" : ".gz" }

    /// The codings that a client accepts, preferred ones first (RFC 9110, section 12.5.3).
    ///
    /// - Parameter header: the value of `Accept-Encoding`; without it, no coding is accepted.
    static func accepted(by header: String?) -> [ContentCoding] {
        guard let header else { return [] }
        var weights: [String: Double] = [:]
        for element in header.split(separator: ",", maxSplits: 32) {
            let parts = element.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
            guard let name = parts.first, !name.isEmpty else { continue }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
            weights[name == "x-gzip" ? gzip.rawValue : name] = weight
        }
        let weighed = allCases.map { (coding: $0, weight: weights[$0.rawValue] ?? weights["*"] ?? 0) }.filter { $0.weight > 0 }
        let best = weighed.map(\.weight).max() ?? 0
        // Among equal weights, better compression comes first.
        return (weighed.filter { $0.weight == best } + weighed.filter { $0.weight < best }).map(\.coding)
    }
}

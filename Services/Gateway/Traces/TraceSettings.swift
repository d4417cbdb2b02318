internal import SafeText

/// `traces:` of the configuration: which requests become traces, of what, and where they go.
struct TraceSettings: Sendable {
    /// Where traces go.
    struct Destination: Sendable, Hashable {
        /// A tracking server: Unladen's, or MLflow's from 3.6 on.
        var trackingURI: String
        /// For its `Authorization: Bearer`.
        var token: String?
        /// The experiment's name; it is made when there's none.
        var experiment: String
    }

    var destination: Destination
    /// The part of the requests, from 0 to 1.
    var samplingRatio: Double
    /// The routes; `nil`: all.
    var routes: [String]?
    /// Their line in the file.
    var routesLine: Int
    /// Whether the texts of requests and responses are logged too, and not only what the ledger has.
    var capturesContent: Bool
    var redaction: Redaction
}

internal import SafeText

/// The configuration's `traces:`: which requests are traced, what the traces contain and where they are sent.
struct TraceSettings: Sendable {
    /// A tracking server and an experiment.
    struct Destination: Sendable, Hashable {
        /// The URL of Unladen's tracking service, or of an MLflow server of version 3.6 or later.
        var trackingURI: String
        /// The token for `Authorization: Bearer`.
        var token: String?
        /// The experiment's name; it is created if it doesn't exist.
        var experiment: String
    }

    var destination: Destination
    /// The fraction of requests to trace, from 0 to 1.
    var samplingRatio: Double
    /// The routes to trace; `nil` for all.
    var routes: [String]?
    /// The line of `routes` in the configuration file.
    var routesLine: Int
    /// Whether requests and responses are logged in full, in addition to the data of the ledger.
    var capturesContent: Bool
    var redaction: Redaction
}

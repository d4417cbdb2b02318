package import JSON

/// A provider's own error, not truncated: it may quote secrets, and a truncated secret couldn't be recognized.
package struct ProviderError: Sendable, Equatable {
    package var message: String
    package var type: String?
    package var code: JSONValue?
    package var param: String?

    init(_ json: JSONValue) {
        message = json["message"]?.stringValue ?? "the provider gave no reason"
        type = json["type"]?.stringValue
        code = json["code"]
        param = json["param"]?.stringValue
    }
}

internal import AdapterKit
internal import JSON

/// The URL and credentials of OpenAI's API: at OpenAI or in an Azure deployment, with a key or an Entra token (formerly Azure Active
/// Directory).
struct OpenAIEndpoint: Sendable {
    let headers: [HTTPHeader]
    private let base: String
    /// The query string after the path.
    private let query: String
    /// Whether streams can report their usage. Azure's API rejects that option before version 2024-09-01.
    let supportsStreamUsage: Bool
    /// The deployment on Azure, which replaces the model.
    let modelName: String?

    init(_ configuration: EndpointConfiguration) throws(AdapterError) {
        let key = try configuration.requiredString("openai_api_key")
        let type = try configuration.string("openai_api_type") ?? (configuration.provider == "azure" ? "azure" : "openai")
        let organization = try configuration.string("openai_organization")
        let deployment = try configuration.string("openai_deployment_name")
        switch type {
        case "openai":
            guard deployment == nil else { throw .misconfigured("'openai_deployment_name' is supported only on Azure") }
            base = try configuration.baseURL("openai_api_base", default: "https://api.openai.com/v1")
            query = ""
            modelName = nil
            supportsStreamUsage = true
            headers = [HTTPHeader("authorization", "Bearer \(key)")] + (organization.map { [HTTPHeader("openai-organization", $0)] } ?? [])
        case "azure", "azuread":
            guard organization == nil else { throw .misconfigured("'openai_organization' is not supported on Azure") }
            guard let deployment else { throw .misconfigured("'openai_deployment_name' is missing") }
            for (name, text) in [
                ("openai_deployment_name", deployment), ("openai_api_version", try configuration.requiredString("openai_api_version")),
            ] {
                guard text.utf8.allSatisfy(Self.isPlain) else {
                    throw .misconfigured("'\(name)' may contain only ASCII letters, digits, '-', '_' and '.'")
                }
            }
            base = try configuration.baseURL("openai_api_base")
            query = "?api-version=\(try configuration.requiredString("openai_api_version"))"
            modelName = deployment
            supportsStreamUsage = try configuration.requiredString("openai_api_version") >= "2024-09-01"
            headers = [type == "azure" ? HTTPHeader("api-key", key) : HTTPHeader("authorization", "Bearer \(key)")]
        default: throw .misconfigured("'openai_api_type' must be openai, azure or azuread, not '\(type)'")
        }
    }

    func url(path: String, for task: AdapterTask) -> String {
        guard let modelName else { return "\(base)/\(path)" }
        // On Azure, requests of the Responses API name the deployment in the body.
        return "\(base)/openai/\(task == .responses ? "" : "deployments/\(modelName)/")\(path)\(query)"
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}

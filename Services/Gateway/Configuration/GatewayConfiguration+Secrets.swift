internal import AdapterHost
internal import JSON
internal import SafeText

extension GatewayConfiguration {
    /// Returns the resolved secrets of the configuration: providers' keys, the admin key and the token for traces.
    func secrets(_ catalog: AdapterCatalog) -> [String] {
        let providers = endpoints.flatMap { endpoint in
            let declared = catalog.descriptor(of: endpoint.provider)?.secretKeys ?? []
            return endpoint.config.members.flatMap { member in
                Self.secrets(in: member.value, isSecret: declared.contains(member.name) || Self.isSecret(member.name))
            }
        }
        return providers + [adminKey, traces?.destination.token].compactMap { $0 }
    }

    /// - Parameter isSecret: whether a string here is a secret. In an object such as `aws_config`, each member's name decides.
    private static func secrets(in value: JSONValue, isSecret: Bool) -> [String] {
        switch value {
        case .string(let text): isSecret ? [text] : []
        case .array(let values): values.flatMap { secrets(in: $0, isSecret: isSecret) }
        case .object(let object): object.members.flatMap { secrets(in: $0.value, isSecret: Self.isSecret($0.name)) }
        case .null, .bool, .integer, .number: []
        }
    }

    private static func isSecret(_ name: String) -> Bool { SecretNames.contains(name, in: SecretNames.defaults) }
}

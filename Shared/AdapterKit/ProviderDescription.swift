package import JSON

/// An adapter's description of one of its providers: see `describe` in `unladen_adapter.h`.
package struct ProviderDescription: Sendable {
    /// The value of `provider` in the configuration.
    package var name: String
    package var tasks: [AdapterTask]
    /// The tasks that support streaming.
    package var streams: [AdapterTask]
    /// The features of chat: `tools`, `images`, `json_schema`, …
    package var features: [String]
    package var config: [ConfigKey]
    /// Whether each URL serves a single model, so that its name may be omitted.
    package var servesOneModel: Bool

    package init(
        _ name: String, tasks: [AdapterTask], streams: [AdapterTask], features: [String], config: [ConfigKey], servesOneModel: Bool = false
    ) {
        self.name = name
        self.tasks = tasks
        self.streams = streams
        self.features = features
        self.config = config
        self.servesOneModel = servesOneModel
    }

    /// A key of `config`.
    package struct ConfigKey: Sendable {
        /// The JSON type of the value.
        package enum Kind: String, Sendable { case string, integer, number, boolean, object }

        package var name: String
        package var kind: Kind
        package var isRequired: Bool
        /// Whether the value may be `$NAME` or a file path, and must never be logged.
        package var isSecret: Bool
        package var defaultValue: JSONValue?

        /// A secret string.
        package static func secret(_ name: String, required: Bool = true) -> ConfigKey {
            ConfigKey(name: name, kind: .string, isRequired: required, isSecret: true, defaultValue: nil)
        }

        /// A string that isn't secret.
        package static func text(_ name: String, required: Bool = false, default defaultValue: JSONValue? = nil) -> ConfigKey {
            ConfigKey(name: name, kind: .string, isRequired: required, isSecret: false, defaultValue: defaultValue)
        }

        /// An object that contains secrets.
        package static func object(_ name: String, required: Bool = false) -> ConfigKey {
            ConfigKey(name: name, kind: .object, isRequired: required, isSecret: true, defaultValue: nil)
        }

        /// An optional integer.
        package static func number(_ name: String, default defaultValue: JSONValue? = nil) -> ConfigKey {
            ConfigKey(name: name, kind: .integer, isRequired: false, isSecret: false, defaultValue: defaultValue)
        }

        var json: JSONValue {
            var object: JSONObject = [
                "name": .string(name), "type": .string(kind.rawValue), "required": .bool(isRequired), "secret": .bool(isSecret),
            ]
            if let defaultValue { object["default"] = defaultValue }
            return .object(object)
        }
    }

    var json: JSONValue {
        [
            "name": .string(name), "tasks": .array(tasks.map { .string($0.name) }), "streams": .array(streams.map { .string($0.name) }),
            "features": .array(features.map { .string($0) }), "config": .array(config.map(\.json)),
            "serves_one_model": .bool(servesOneModel),
        ]
    }
}

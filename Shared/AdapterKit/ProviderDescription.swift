package import JSON

/// What an adapter says of one of its providers: the `describe` of `unladen_adapter.h`.
package struct ProviderDescription: Sendable {
    /// As `provider` in the configuration.
    package var name: String
    package var tasks: [AdapterTask]
    /// Those of the tasks that can be streamed.
    package var streams: [AdapterTask]
    /// Of the chat: `tools`, `images`, `json_schema`, …
    package var features: [String]
    package var config: [ConfigKey]
    /// Whether there is one model at an address, so that its name may be left out.
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
        package enum Kind: String, Sendable { case string, integer, number, boolean, object }

        package var name: String
        package var kind: Kind
        package var isRequired: Bool
        /// Whether it may be `$NAME` or the path of a file, and never appears in a log.
        package var isSecret: Bool
        package var defaultValue: JSONValue?

        package static func secret(_ name: String, required: Bool = true) -> ConfigKey {
            ConfigKey(name: name, kind: .string, isRequired: required, isSecret: true, defaultValue: nil)
        }

        package static func text(_ name: String, required: Bool = false, default defaultValue: JSONValue? = nil) -> ConfigKey {
            ConfigKey(name: name, kind: .string, isRequired: required, isSecret: false, defaultValue: defaultValue)
        }

        /// An object, in which there are secrets.
        package static func object(_ name: String, required: Bool = false) -> ConfigKey {
            ConfigKey(name: name, kind: .object, isRequired: required, isSecret: true, defaultValue: nil)
        }

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

extension GatewayCatalog {
    /// A provider for which the gateway has loaded an adapter.
    package struct Provider: ProtobufMessage, JSONWritable {
        package var name: String
        /// The tasks and the settings as the adapter describes them: see `describe` in `unladen_adapter.h`.
        package var tasks: JSONValue
        package var config: JSONValue

        package init(name: String, tasks: JSONValue, config: JSONValue) {
            self.name = name
            self.tasks = tasks
            self.config = config
        }

        package init(_ fields: MessageFields) throws {
            name = try fields.requiredString("name")
            tasks = try fields.value("tasks") ?? []
            config = try fields.value("config") ?? []
        }

        package func write(to json: inout JSONWriter) {
            json.object { json in
                json.field("name", name)
                json.field("tasks", tasks)
                json.field("config", config)
            }
        }

        /// A key of the provider's configuration.
        package struct Setting: Sendable {
            package var name: String
            package var isRequired: Bool
            package var isSecret: Bool
        }

        package var settings: [Setting] {
            (config.arrayValue ?? []).compactMap { setting in
                guard let name = setting["name"]?.stringValue else { return nil }
                return Setting(
                    name: name, isRequired: setting["required"]?.boolValue ?? false, isSecret: setting["secret"]?.boolValue ?? false)
            }
        }
    }
}

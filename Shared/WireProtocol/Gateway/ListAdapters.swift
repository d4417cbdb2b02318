/// A list of the gateway's adapters.
package enum ListAdapters {
    /// The loaded adapters, and the rejected ones with the reasons.
    package struct Response: ProtobufMessage, JSONWritable {
        package var adapters: [Adapter]
        package var rejected: [Rejection]

        package init(adapters: [Adapter], rejected: [Rejection]) {
            self.adapters = adapters
            self.rejected = rejected
        }

        package init(_ fields: MessageFields) throws {
            adapters = try fields.messages("adapters")
            rejected = try fields.messages("rejected")
        }

        package func write(to json: inout JSONWriter) {
            json.object { json in
                json.list("adapters", adapters)
                json.list("rejected", rejected)
            }
        }
    }

    /// A loaded adapter.
    package struct Adapter: ProtobufMessage, JSONWritable {
        package var name: String
        package var version: String
        /// The version of `unladen_adapter.h` that the adapter was built for.
        package var abi: Int64
        /// The path of the shared library.
        package var library: String
        /// The providers, with their tasks and settings, as the adapter describes them: see `describe` in `unladen_adapter.h`.
        package var providers: [JSONValue]

        package init(name: String, version: String, abi: Int64, library: String, providers: [JSONValue]) {
            self.name = name
            self.version = version
            self.abi = abi
            self.library = library
            self.providers = providers
        }

        package init(_ fields: MessageFields) throws {
            name = try fields.string("name") ?? ""
            version = try fields.string("version") ?? ""
            abi = try fields.integer("abi") ?? 0
            library = try fields.string("library") ?? ""
            providers = try fields.value("providers")?.arrayValue ?? []
        }

        package func write(to json: inout JSONWriter) {
            json.object { json in
                json.field("name", name)
                json.field("version", version)
                json.field("abi", abi)
                json.field("library", library)
                json.list("providers", providers)
            }
        }
    }

    /// An adapter that the gateway found but didn't load.
    package struct Rejection: ProtobufMessage, JSONWritable {
        /// The path of the adapter's manifest.
        package var manifest: String
        package var reason: String

        package init(manifest: String, reason: String) {
            self.manifest = manifest
            self.reason = reason
        }

        package init(_ fields: MessageFields) throws {
            manifest = try fields.string("manifest") ?? ""
            reason = try fields.string("reason") ?? ""
        }

        package func write(to json: inout JSONWriter) {
            json.object { json in
                json.field("manifest", manifest)
                json.field("reason", reason)
            }
        }
    }
}

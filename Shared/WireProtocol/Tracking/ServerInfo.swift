/// The capabilities of a tracking server.
package struct ServerInfo: ProtobufMessage, JSONWritable {
    /// Whether clients may transfer large artifacts directly to and from the artifact store.
    package var hasDirectTransfer: Bool
    /// Whether a gateway is configured; the UI then shows the playground and the gateway's pages.
    package var hasGateway: Bool

    package init(hasDirectTransfer: Bool, hasGateway: Bool) {
        self.hasDirectTransfer = hasDirectTransfer
        self.hasGateway = hasGateway
    }

    package init(_ fields: MessageFields) throws {
        hasDirectTransfer = try fields.bool("multipart_downloads_enabled") ?? false
        hasGateway = try fields.object("features_enabled")?.bool("gateway") ?? false
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("store_type", "SqlStore")
            json.field("workspaces_enabled", false)
            json.field("trace_archival_enabled", false)
            json.field("multipart_uploads_enabled", hasDirectTransfer)
            json.field("multipart_downloads_enabled", hasDirectTransfer)
            json.field("presigned_upload_run_id_supported", true)
            json.field("presigned_upload_model_id_supported", true)
            json.name("features_enabled")
            json.object { $0.field("gateway", hasGateway) }
        }
    }
}

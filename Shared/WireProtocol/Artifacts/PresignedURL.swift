/// A presigned URL for a file.
package struct PresignedURL: JSONWritable {
    package var url: String
    /// Headers to send, sorted by name.
    package var headers: [KeyValue]
    /// The file's size in bytes; `nil` for an upload.
    package var size: Int64?
    private let urlName: StaticString

    /// - Parameter urlName: the name of the URL's field, which differs between MLflow's endpoints: `url` or `presigned_url`.
    package init(_ urlName: StaticString, url: String, headers: [KeyValue], size: Int64? = nil) {
        self.urlName = urlName
        self.url = url
        self.headers = headers
        self.size = size
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field(urlName, url)
            json.map("headers", headers)
            json.field("file_size", size)
        }
    }
}

extension PresignedURL: ProtobufMessage {
    package init(_ fields: MessageFields) throws {
        let isProxied = fields.has("url")
        self.init(
            isProxied ? "url" : "presigned_url", url: try fields.string(isProxied ? "url" : "presigned_url") ?? "",
            headers: try fields.stringMap("headers"), size: try fields.integer("file_size"))
    }
}

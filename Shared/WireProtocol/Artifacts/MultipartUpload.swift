/// The start of a multipart upload, directly from the client to the artifact store.
package enum CreateMultipartUpload {
    /// The upload, with a URL for each part.
    package struct Response: ProtobufMessage, JSONWritable {
        package var uploadID: String
        package var credentials: [MultipartUploadCredential]

        package init(uploadID: String, credentials: [MultipartUploadCredential]) {
            self.uploadID = uploadID
            self.credentials = credentials
        }

        package init(_ fields: MessageFields) throws {
            uploadID = try fields.string("upload_id") ?? ""
            credentials = try fields.messages("credentials")
        }

        package func write(to json: inout JSONWriter) {
            json.object { json in
                json.field("upload_id", uploadID)
                json.list("credentials", credentials)
            }
        }
    }
}

/// A presigned URL to which the client sends one part of an upload.
package struct MultipartUploadCredential: ProtobufMessage, JSONWritable {
    package var url: String
    /// From 1.
    package var partNumber: Int64
    /// Headers to send, sorted by name.
    package var headers: [KeyValue]

    package init(url: String, partNumber: Int64, headers: [KeyValue]) {
        self.url = url
        self.partNumber = partNumber
        self.headers = headers
    }

    package init(_ fields: MessageFields) throws {
        url = try fields.string("url") ?? ""
        partNumber = try fields.integer("part_number") ?? 0
        headers = try fields.stringMap("headers")
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("url", url)
            json.field("part_number", partNumber)
            json.map("headers", headers, evenIfEmpty: true)
        }
    }
}

/// A part of a multipart upload that the client has uploaded.
package struct MultipartUploadPart: ProtobufMessage, JSONWritable {
    /// From 1.
    package var partNumber: Int64
    /// The tag that the store returned.
    package var etag: String

    package init(_ fields: MessageFields) throws {
        partNumber = try fields.integer("part_number") ?? 0
        etag = try fields.string("etag") ?? ""
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("part_number", partNumber)
            json.field("etag", etag)
        }
    }
}

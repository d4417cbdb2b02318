internal import ArtifactStore
internal import WireProtocol

/// A file or directory in a listing.
struct ArtifactFile: JSONWritable, Sendable {
    private let info: ArtifactInfo
    let path: String

    /// - Parameter path: the file name, or the path relative to a run's root.
    init(_ info: ArtifactInfo, path: String) {
        self.info = info
        self.path = path
    }

    var isDirectory: Bool { info.isDirectory }

    /// In bytes; `nil` for a directory and, as in MLflow, for an empty file.
    var size: Int64? { info.size == 0 ? nil : info.size }

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("path", path)
            json.field("is_dir", isDirectory)
            json.field("file_size", size)
        }
    }
}

/// A listing of a directory.
struct ArtifactList: JSONWritable, Sendable {
    /// The URI that the paths are relative to; `nil` if the paths are plain names.
    var rootURI: String?
    var files: [ArtifactFile]

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("root_uri", rootURI)
            json.field("files", files)
        }
    }
}

/// A multipart upload that was created.
struct MultipartUploadResponse: JSONWritable, Sendable {
    let upload: MultipartUpload

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("upload_id", upload.uploadID)
            json.name("credentials")
            json.array { json in
                for (index, part) in upload.parts.enumerated() {
                    json.object { json in
                        json.field("url", part.url)
                        json.field("part_number", Int64(index + 1))
                        json.name("headers")
                        part.headers.write(to: &json)
                    }
                }
            }
        }
    }
}

/// A part of a multipart upload that the client has uploaded.
struct MultipartPart: ProtobufMessage {
    var number: Int64
    var etag: String

    init(_ fields: RequestFields) throws {
        number = try fields.integer("part_number") ?? 0
        etag = try fields.string("etag") ?? ""
    }
}

/// A presigned URL.
struct PresignedURLResponse: JSONWritable, Sendable {
    let urlName: StaticString
    let request: PresignedRequest
    var size: Int64?

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.field(urlName, request.url)
            if !request.headers.isEmpty {
                json.name("headers")
                request.headers.write(to: &json)
            }
            json.field("file_size", size)
        }
    }
}

extension [String: String] {
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            for (name, value) in sorted(by: { $0.key < $1.key }) {
                json.name(name)
                json.string(value)
            }
        }
    }
}

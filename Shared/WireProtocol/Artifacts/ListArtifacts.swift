/// A listing of an artifact directory.
package enum ListArtifacts {
    /// The files and directories of one directory.
    package struct Response: ProtobufMessage, JSONWritable {
        /// The URI that the paths are relative to; `nil` if the paths are plain names.
        package var rootURI: String?
        package var files: [FileInfo]

        package init(rootURI: String?, files: [FileInfo]) {
            self.rootURI = rootURI
            self.files = files
        }

        package init(_ fields: MessageFields) throws {
            rootURI = try fields.string("root_uri")
            files = try fields.messages("files")
        }

        package func write(to json: inout JSONWriter) {
            json.object { json in
                json.field("root_uri", rootURI)
                json.field("files", files)
            }
        }
    }
}

/// A file or directory in a listing.
package struct FileInfo: Equatable, ProtobufMessage, JSONWritable {
    /// The file name, or the path relative to a run's root.
    package var path: String
    package var isDirectory: Bool
    /// In bytes; `nil` for a directory and, as in MLflow, for an empty file.
    package var size: Int64?

    package init(path: String, isDirectory: Bool, size: Int64?) {
        self.path = path
        self.isDirectory = isDirectory
        self.size = size == 0 ? nil : size
    }

    package init(_ fields: MessageFields) throws {
        self.init(
            path: try fields.string("path") ?? "", isDirectory: try fields.bool("is_dir") ?? false,
            size: try fields.integer("file_size"))
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("path", path)
            json.field("is_dir", isDirectory)
            json.field("file_size", size)
        }
    }
}

internal import ArtifactStore
internal import WireProtocol

extension FileInfo {
    /// - Parameter path: the file name, or the path relative to a run's root.
    init(_ info: ArtifactInfo, path: String) { self.init(path: path, isDirectory: info.isDirectory, size: info.size) }
}

extension CreateMultipartUpload.Response {
    init(_ upload: MultipartUpload) {
        self.init(
            uploadID: upload.uploadID,
            credentials: upload.parts.enumerated().map { index, part in
                MultipartUploadCredential(url: part.url, partNumber: Int64(index + 1), headers: part.sortedHeaders)
            })
    }
}

extension PresignedURL {
    init(_ urlName: StaticString, _ request: PresignedRequest, size: Int64? = nil) {
        self.init(urlName, url: request.url, headers: request.sortedHeaders, size: size)
    }
}

extension PresignedRequest {
    fileprivate var sortedHeaders: [KeyValue] { headers.sorted { $0.key < $1.key }.map { KeyValue(key: $0.key, value: $0.value) } }
}

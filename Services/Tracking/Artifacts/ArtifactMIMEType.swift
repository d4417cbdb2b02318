/// Media types of artifacts by file extension. Human-readable text formats are `text/plain`, as in MLflow.
enum ArtifactMIMEType {
    private static let texts: Set<String> = [
        "txt", "log", "err", "cfg", "conf", "cnf", "cf", "ini", "properties", "prop", "hocon", "toml", "yaml", "yml", "xml",
        "json", "js", "py", "py3", "csv", "tsv", "md", "rst", "mlmodel", "mlproject",
    ]

    private static let others: [String: String] = [
        "html": "text/html", "htm": "text/html", "css": "text/css", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg",
        "gif": "image/gif", "svg": "image/svg+xml", "webp": "image/webp", "bmp": "image/bmp", "ico": "image/vnd.microsoft.icon",
        "tiff": "image/tiff", "tif": "image/tiff", "pdf": "application/pdf", "zip": "application/zip", "tar": "application/x-tar",
        "gz": "application/x-tar", "mp4": "video/mp4", "webm": "video/webm", "mov": "video/quicktime", "avi": "video/x-msvideo",
        "mpeg": "video/mpeg", "mp3": "audio/mpeg", "wav": "audio/x-wav", "ogg": "audio/ogg", "wasm": "application/wasm",
        "ipynb": "application/octet-stream",
    ]

    static func mimeType(ofFile name: String) -> String {
        // A name without a dot, such as MLmodel, is its own extension.
        let ending = name.split(separator: ".", omittingEmptySubsequences: false).last.map { $0.lowercased() } ?? ""
        if texts.contains(ending) { return "text/plain" }
        // Among gzip files, only tar archives have a type that clients know.
        if ending == "gz", !name.lowercased().hasSuffix(".tar.gz") { return "application/octet-stream" }
        return others[ending] ?? "application/octet-stream"
    }
}

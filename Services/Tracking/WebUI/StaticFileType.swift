/// The HTTP properties of a web application's file, derived from its name.
enum StaticFileType {
    private static let types: [String: String] = [
        "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8",
        "mjs": "text/javascript; charset=utf-8", "cjs": "text/javascript; charset=utf-8", "txt": "text/plain; charset=utf-8",
        "json": "application/json", "map": "application/json", "webmanifest": "application/manifest+json", "wasm": "application/wasm",
        "svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp",
        "avif": "image/avif", "ico": "image/x-icon", "mp4": "video/mp4", "woff": "font/woff", "woff2": "font/woff2", "ttf": "font/ttf",
        "otf": "font/otf", "eot": "application/vnd.ms-fontobject",
    ]

    static func contentType(ofFile name: String) -> String {
        types[name.split(separator: ".").last.map { $0.lowercased() } ?? ""] ?? "application/octet-stream"
    }

    /// Whether the name contains a content hash, as in `main.c2f5f8d4.js`, so that the contents of that name never change.
    static func isHashed(_ name: String) -> Bool {
        name.split(separator: ".").dropFirst().dropLast().contains { part in
            (8...64).contains(part.utf8.count) && part.utf8.allSatisfy(isHexDigit)
        }
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}

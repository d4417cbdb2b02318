import Foundation
import TestSupport

/// The adapter in C.
enum CAdapter {
    static let manifest = """
        {"kind": "adapter", "name": "echo", "version": "0.1", "abi": 1, "library": "libecho.so", "vectors": "echo.vectors.json"}
        """
    static let vectors = """
        {"vectors": [{
            "name": "a line is an event", "task": "chat", "time": 7, "body": {"messages": []},
            "configuration": {"provider": "echo", "model": "m", "config": {"echo_url": "http://127.0.0.1:9/echo"}},
            "request": {"method": "POST", "url": "http://127.0.0.1:9/echo", "headers": [["x-time", "7"]], "body": {"messages": []}},
            "stream": ["{\\"a\\": 1}\\n{\\"b\\": \\"ü\\"}\\n\\n"], "events": [{"a": 1.0}, {"b": "ü"}]
        }]}
        """

    /// Creates a directory with the adapter.
    ///
    /// - Parameter mistake: the `WITH_…` macro of echo.c that adds a defect, if any.
    static func make(in directory: String, mistake: String? = nil, manifest: String = manifest, vectors: String = vectors) throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try CLibrary.compile("Tests/AdapterHostTests/CAdapter/echo.c", to: directory + "/libecho.so", defining: mistake)
        try manifest.write(toFile: directory + "/echo.plugin.json", atomically: true, encoding: .utf8)
        try vectors.write(toFile: directory + "/echo.vectors.json", atomically: true, encoding: .utf8)
    }
}

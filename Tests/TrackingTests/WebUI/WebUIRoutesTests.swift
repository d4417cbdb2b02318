import Foundation
import HTTPTypes
import ServiceKit
import TestSupport
import Testing

@testable import Tracking

/// The UI's files as served by the routes, from a small directory that resembles a real build.
@Suite struct WebUIRoutesTests {
    private static let script = "static/js/main.0123abcd.js"

    private func run(
        prefix: String? = nil, removing file: String? = nil, _ body: @Sendable (TestAPI, _ directory: String) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { parent in
            let directory = parent + "/ui"
            let files = [
                "index.html": "<title>UI</title>", "favicon.ico": "icon", Self.script: "let plain", Self.script + ".gz": "zipped",
                Self.script + ".br": "brotlied",
                "lib/notebook-trace-renderer/index.html": #"<base href="/"><script src="/static-files/lib/x.js">"#,
            ]
            for (name, text) in files where name != file {
                let path = URL(fileURLWithPath: "\(directory)/\(name)")
                try FileManager.default.createDirectory(at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(text.utf8).write(to: path)
            }
            try Data("secret".utf8).write(to: URL(fileURLWithPath: parent + "/secret"))
            try FileManager.default.createSymbolicLink(atPath: directory + "/link", withDestinationPath: "../secret")
            try FileManager.default.createSymbolicLink(atPath: directory + "/up", withDestinationPath: "..")
            let prefix = try prefix.map { try PathPrefix($0) }
            let routes = WebUIRoutes(files: .directory(directory), prefix: prefix, gatewayURL: nil)
            try await TestAPI.run(prefix: prefix, routes.register) { try await body($0, directory) }
        }
    }

    @Test func `The index is served without caching and with a security policy`() async throws {
        try await run { api, _ in
            let response = try await api.get("/")
            #expect(response.status == 200 && response.text == "<title>UI</title>")
            #expect(response.headers["content-type"] == "text/html; charset=utf-8")
            #expect(response.headers["cache-control"] == "no-cache")
            #expect(response.headers["x-frame-options"] == "SAMEORIGIN")
            #expect(response.headers["referrer-policy"] == "same-origin")
            #expect(response.headers["content-security-policy"]?.contains("frame-ancestors 'self'") == true)
        }
    }

    @Test func `Clients get a compressed copy if they accept it, each form with its own tag`() async throws {
        try await run { api, _ in
            var tags = Set<String?>()
            for (accepted, text, coding) in [("br, gzip", "brotlied", "br"), ("gzip", "zipped", "gzip"), ("identity", "let plain", nil)] {
                let response = try await api.send(.get, "/static-files/" + Self.script, headers: [("Accept-Encoding", accepted)])
                #expect(response.text == text)
                #expect(response.headers["content-encoding"] == coding)
                #expect(response.headers["content-type"] == "text/javascript; charset=utf-8")
                #expect(response.headers["vary"] == "Accept-Encoding")
                #expect(response.headers["cache-control"] == "public, max-age=31536000, immutable")
                tags.insert(response.headers["etag"])
            }
            #expect(tags.count == 3)
        }
    }

    @Test func `If a compressed copy is missing, the next best form is sent`() async throws {
        try await run(removing: Self.script + ".br") { api, _ in
            let response = try await api.send(.get, "/static-files/" + Self.script, headers: [("Accept-Encoding", "br, gzip")])
            #expect(response.text == "zipped" && response.headers["content-encoding"] == "gzip")
        }
    }

    @Test func `A client that has a file gets 304 until the file changes`() async throws {
        try await run { api, directory in
            let first = try await api.get("/static-files/favicon.ico")
            let tag = try #require(first.headers["etag"])
            let time = try #require(first.headers["last-modified"])
            for condition in [("If-None-Match", tag), ("If-None-Match", "\"x\", W/\(tag)"), ("If-Modified-Since", time)] {
                let again = try await api.send(.get, "/static-files/favicon.ico", headers: [condition])
                #expect(again.status == 304 && again.text.isEmpty, "\(condition)")
                #expect(again.headers["etag"] == tag && again.headers["cache-control"] == "no-cache")
                #expect(again.headers["content-type"] == nil)
            }
            let old = try await api.send(
                .get, "/static-files/favicon.ico", headers: [("If-None-Match", "\"x\""), ("If-Modified-Since", time)])
            #expect(old.status == 200, "a tag is more exact than a time")
            try Data("new icon".utf8).write(to: URL(fileURLWithPath: directory + "/favicon.ico"))
            let changed = try await api.send(.get, "/static-files/favicon.ico", headers: [("If-None-Match", tag)])
            #expect(changed.status == 200 && changed.text == "new icon")
        }
    }

    @Test func `HEAD has the headers without the body`() async throws {
        try await run { api, _ in
            let response = try await api.send(.head, "/static-files/" + Self.script)
            #expect(response.status == 200 && response.text.isEmpty)
            #expect(response.headers["content-length"] == "9")
        }
    }

    @Test(arguments: [
        "../secret", "%2e%2e/secret", "%252e%252e%252fsecret", "..%5csecret", "/etc/passwd", "%2fetc%2fpasswd", "link", "up/secret",
        "up/ui/index.html", "index.html%00", "static", "static/", "", "index.html/", "index.html/x", "nothing.js", "%ff",
    ])
    func `No path escapes the directory`(path: String) async throws {
        try await run(prefix: "/p") { api, _ in
            for start in ["/static-files/", "/p/static-files/"] {
                let response = try await api.get(start + path)
                #expect(response.status == 404 && !response.text.contains("secret"), "\(start)\(path)")
            }
        }
    }

    @Test func `A missing directory isn't a server error`() async throws {
        try await run { api, directory in
            try FileManager.default.removeItem(atPath: directory)
            #expect(try await api.get("/").status == 404)
            #expect(try await api.get("/static-files/favicon.ico").status == 404)
        }
    }

    @Test func `Other methods are rejected`() async throws {
        try await run { api, _ in
            for path in ["/static-files/favicon.ico", "/"] {
                let response = try await api.post(path, "{}")
                #expect(response.status == 405, "\(path)")
            }
        }
    }

    @Test func `Notebooks of any origin may frame the trace renderer`() async throws {
        try await run { api, _ in
            let response = try await api.get("/static-files/lib/notebook-trace-renderer/index.html")
            #expect(response.status == 200 && response.text.contains(#"href="/""#))
            #expect(response.headers["x-frame-options"] == nil)
            #expect(response.headers["content-security-policy"]?.contains("frame-ancestors") == false)
        }
    }

    @Test func `Under a prefix the UI is the same, and the renderer's URLs contain the prefix`() async throws {
        try await run(prefix: "/team/mlflow") { api, _ in
            for path in ["/", "/static-files/favicon.ico", "/static-files/" + Self.script] {
                #expect(try await api.get("/team/mlflow" + path).text == (try await api.get(path).text), "\(path)")
            }
            let renderer = try await api.get("/team/mlflow/static-files/lib/notebook-trace-renderer/index.html")
            #expect(renderer.text == #"<base href="/team/mlflow/"><script src="/team/mlflow/static-files/lib/x.js">"#)
            #expect(renderer.headers["x-frame-options"] == nil)
            let bare = try await api.get("/team/mlflow?x=1")
            #expect(bare.status == 308 && bare.headers["location"] == "/team/mlflow/?x=1")
        }
    }
}

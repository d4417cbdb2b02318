import Foundation
import Testing

@testable import Registry

@Suite struct SourceURITests {
    @Test(arguments: [
        ("s3://bucket/a/b", "s3", "bucket", "/a/b"), ("/a/b", "", "", "/a/b"), ("a:b", "a", "", "b"), ("1a:b", "", "", "1a:b"),
        ("file:a", "file", "", "a"), ("FILE://Host/a?b#c", "file", "Host", "/a"), ("s3:", "s3", "", ""), ("x//y/z", "", "", "x//y/z"),
        (" \t//h/p", "", "h", "/p"), ("ht\ntp://h/p", "http", "h", "/p"), ("a/b:c", "", "", "a/b:c"), ("", "", "", ""),
        ("models:/m#1", "models", "", "/m"), ("http://u:p@[::1]:80/x", "http", "u:p@[::1]:80", "/x"),
    ])
    func `A URI is split like in Python`(text: String, scheme: String, authority: String, path: String) {
        let uri = SourceURI(text)
        #expect(uri.scheme == scheme)
        #expect(uri.authority == authority)
        #expect(uri.path == path)
    }

    @Test(arguments: [
        ("http://u@Host:8080/x", "host"), ("http://[::1]:80/x", "::1"), ("file:///x", ""), ("file://LOCALHOST/x", "localhost"),
    ])
    func `The host is parsed without user and port`(text: String, host: String) {
        #expect(SourceURI(text).host == host)
    }

    @Test func `Segments are decoded until nothing is left to decode`() {
        #expect(SourceURI("s3://b/%252e%252e/a%2Fb/c+d").segments == ["..", "a/b", "c+d"])
    }

    @Test func `References to models are distinguished`() {
        #expect(ModelURI("models:/m-1") == .loggedModel("m-1"))
        #expect(ModelURI("models:/m/12") == .version(name: "m", number: "12"))
        #expect(ModelURI("models:/m/latest") == .latest(name: "m", stage: nil))
        #expect(ModelURI("models:/m/Staging") == .latest(name: "m", stage: "Staging"))
        #expect(ModelURI("models:/m@x@y") == .alias(name: "m@x", alias: "y"))
        #expect(ModelURI("models:/a#b/1") == .version(name: "a#b", number: "1"))
        for text in ["models:/", "models:m/1", "models:/m/", "models:/m/1/2", "models:/m@", "runs:/m/1", "models:/ /1", "m/1"] {
            #expect(ModelURI(text) == nil, "\(text)")
        }
    }

    @Test func `A local path is inside a directory only if its symbolic links resolve to it`() throws {
        let root = NSTemporaryDirectory() + "/unladen-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: root) }
        for directory in ["artifacts/model", "other"] {
            try FileManager.default.createDirectory(atPath: root + "/" + directory, withIntermediateDirectories: true)
        }
        let links = [
            ("artifacts/out", root + "/other"), ("artifacts/in", "model"), ("artifacts/nowhere", "/no/such/x"), ("link", "artifacts"),
        ]
        for (link, target) in links {
            try FileManager.default.createSymbolicLink(atPath: root + "/" + link, withDestinationPath: target)
        }
        let directory = root + "/artifacts"
        for path in ["", "/model", "/in/x", "/new/x", "/./model", "//model"] {
            #expect(LocalPath.isInside(directory + path, directory: directory), "\(path)")
            #expect(LocalPath.isInside(root + "/link" + path, directory: directory), "\(path)")
        }
        for path in ["/out", "/out/x", "/nowhere", "/nowhere/x", "/../other", "/model/../model", "x"] {
            #expect(!LocalPath.isInside(directory + path, directory: directory), "\(path)")
        }
        #expect(!LocalPath.isInside("artifacts/model", directory: directory))
        #expect(!LocalPath.isInside(root, directory: directory))
    }
}

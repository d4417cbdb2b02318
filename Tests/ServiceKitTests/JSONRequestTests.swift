import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import Testing

@testable import ServiceKit

@Suite struct JSONRequestTests {
    @Test(arguments: [
        ("application/json", true), ("application/json; charset=utf-8", true), ("Application/JSON;charset=utf-8", true),
        (" application/json ;x", true), ("text/plain", false), ("text/plain; application/json", false), ("application/jsonp", false),
        ("application/x-www-form-urlencoded", false), ("multipart/form-data; boundary=x", false), ("", false), ("json", false),
    ])
    func `JSON is recognized by its content type, with or without parameters`(type: String, isJSON: Bool) {
        #expect(HTTPFields([HTTPField(name: .contentType, value: type)]).declaresJSON == isJSON)
        #expect(!HTTPFields().declaresJSON)
    }

    @Test(arguments: [[], ["a"], ["a", "b"]])
    func `A field has the same value as by its subscript`(values: [String]) {
        var fields = HTTPFields(values.map { HTTPField(name: .authorization, value: $0) })
        fields.append(HTTPField(name: .accept, value: "c"))
        #expect(fields.value(of: .authorization) == fields[.authorization])
        #expect(fields.value(of: .authorization) == (values.isEmpty ? nil : values.joined(separator: ", ")))
    }

    private func isSameOrigin(_ origin: String?, host: String? = "localhost:5002") -> Bool {
        var head = HTTPRequest(method: .post, scheme: "http", authority: host, path: "/x")
        head.headerFields[.origin] = origin
        return OriginGuard.isSameOrigin(Request(head: head, body: RequestBody(buffer: ByteBuffer())))
    }

    @Test func `Only the service's own pages are of the same origin`() {
        #expect(isSameOrigin(nil))
        #expect(isSameOrigin("http://localhost:5002"))
        #expect(isSameOrigin("https://LOCALHOST:5002"))
        for origin in [
            "http://localhost:5003", "http://localhost", "http://127.0.0.1:5002", "null", "", "localhost:5002", "http://evil.example",
        ] {
            #expect(!isSameOrigin(origin), "\(origin)")
        }
        #expect(!isSameOrigin("http://localhost:5002", host: nil))
    }
}

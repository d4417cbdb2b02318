import Testing

@testable import Gateway

@Suite struct RoutingTests {
    @Test(arguments: [
        ("https://api.example.com/v1/chat?x=1#f", "api.example.com", 443, "/v1/chat?x=1", true),
        ("http://127.0.0.1:8080", "127.0.0.1", 8080, "/", false),
        ("http://[::1]:5/a", "::1", 5, "/a", false),
    ])
    func `A URL is taken apart`(text: String, host: String, port: Int, target: String, isEncrypted: Bool) throws {
        let url = try #require(UpstreamURL(text))
        #expect(url.origin == Origin(isEncrypted: isEncrypted, host: host, port: port))
        #expect(url.target == target)
    }

    @Test(arguments: ["ftp://x", "http://", "http://user@host/", "http://host:0/", "http://host:99999/", "http://h/a b", "http://h/\r\nx"])
    func `What is no URL of a provider is refused`(text: String) {
        #expect(UpstreamURL(text) == nil)
    }

    @Test func `An endpoint rests after failures in a row, and longer when it fails again`() {
        let health = TargetHealth()
        for _ in 0..<4 { health.failed() }
        #expect(health.isAvailable)
        health.succeeded()
        for _ in 0..<5 { health.failed() }
        #expect(!health.isAvailable)
    }
}

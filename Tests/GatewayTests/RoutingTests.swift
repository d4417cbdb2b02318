import Testing

@testable import Gateway

@Suite struct RoutingTests {
    @Test(arguments: [
        ("https://api.example.com/v1/chat?x=1#f", "api.example.com", 443, "/v1/chat?x=1", true),
        ("http://127.0.0.1:8080", "127.0.0.1", 8080, "/", false),
        ("http://[::1]:5/a", "::1", 5, "/a", false),
    ])
    func `A URL is parsed`(text: String, host: String, port: Int, target: String, isEncrypted: Bool) throws {
        let url = try #require(UpstreamURL(text))
        #expect(url.origin == Origin(isEncrypted: isEncrypted, host: host, port: port))
        #expect(url.target == target)
    }

    @Test(arguments: ["ftp://x", "http://", "http://user@host/", "http://host:0/", "http://host:99999/", "http://h/a b", "http://h/\r\nx"])
    func `An invalid URL of a provider is rejected`(text: String) {
        #expect(UpstreamURL(text) == nil)
    }

    @Test func `An endpoint enters a cooldown after consecutive failures, which gets longer with further failures`() {
        let health = TargetHealth()
        for _ in 0..<4 { health.callFailed() }
        #expect(health.isAvailable)
        health.callSucceeded()
        for _ in 0..<5 { health.callFailed() }
        #expect(!health.isAvailable)
    }
}

import HTTPTypes
import Testing

@testable import ServiceKit

@Suite struct OriginGuardTests {
    /// Whether a request is accepted.
    private func accepts(
        host: String, origin: String? = nil, hosts: String? = nil, origins: String? = nil
    ) -> Bool {
        OriginGuard(hosts: hosts, origins: origins).rejection(of: .post, path: "/api/x", host: host, origin: origin) == nil
    }

    @Test(arguments: [
        ("localhost:5000", true), ("127.0.0.1", true), ("[::1]:5000", true), ("192.168.1.5:5000", true), ("10.1.2.3", true),
        ("172.16.0.1", true), ("172.31.255.1:80", true), ("[fd00:1::2]:5000", true),
        ("172.32.0.1", false), ("8.8.8.8", false), ("example.com", false), ("10.example.com", false),
        ("192.168.evil.com", false), ("10.1.2.3.evil.com", false), ("172.16.0.evil", false), ("", false),
    ])
    func `Localhost and private addresses are accepted, other names only when listed`(host: String, isAccepted: Bool) {
        #expect(accepts(host: host) == isAccepted)
    }

    @Test func `A list replaces the defaults`() {
        #expect(accepts(host: "mlflow.example.com", hosts: "*.example.com,127.0.0.1"))
        #expect(accepts(host: "127.0.0.1:5001", hosts: "*.example.com,127.0.0.1"))
        #expect(!accepts(host: "localhost", hosts: "*.example.com,127.0.0.1"))
        #expect(accepts(host: "cafe.example", hosts: "cafe.*"))
    }

    @Test func `Pages of other sites can't change anything`() {
        #expect(accepts(host: "localhost:5000", origin: "http://localhost:5000"))
        #expect(accepts(host: "192.168.1.5:5000", origin: "http://192.168.1.5:5000"))
        #expect(!accepts(host: "localhost:5000", origin: "https://evil.com"))
        #expect(!accepts(host: "localhost:5000", origin: "null"))
        #expect(accepts(host: "localhost:5000", origin: "https://ui.example.com", origins: "https://ui.example.com"))
    }
}

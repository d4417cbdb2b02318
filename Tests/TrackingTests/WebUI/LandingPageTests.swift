import ServiceKit
import TestSupport
import Testing

@testable import Tracking

@Suite struct LandingPageTests {
    private func page(_ files: WebUIFiles, gateway: String? = nil) async throws -> APIResponse {
        try await TestAPI.run(WebUIRoutes(files: files, prefix: nil, gatewayURL: gateway).register) { try await $0.get("/") }
    }

    @Test func `Without the UI's files, the page describes the server and how to get the UI`() async throws {
        let page = try await page(.missing)
        #expect(page.status == 200)
        #expect(page.headers["content-type"] == "text/html; charset=utf-8")
        for text in [unladenVersion, mlflowContractVersion, "--mlflow-ui DIR", "deploy/run", "href=\"version\"", "href=\"health\""] {
            #expect(page.text.contains(text), "\(text)")
        }
    }

    @Test func `The page doesn't call a disabled UI missing`() async throws {
        let page = try await page(.off)
        #expect(page.text.contains("switched off") && !page.text.contains("isn't installed"))
    }

    @Test func `The page contains no scripts and loads nothing from other servers`() async throws {
        let page = try await page(.missing, gateway: "http://10.0.0.1:5002")
        #expect(page.headers["content-security-policy"]?.hasPrefix("default-src 'none'; style-src 'unsafe-inline'") == true)
        #expect(page.headers["x-frame-options"] == "SAMEORIGIN")
        #expect(!page.text.contains("<script") && !page.text.contains(" src="))
    }

    @Test func `The page links to the gateway if there is one`() async throws {
        #expect(try await page(.missing, gateway: "http://10.0.0.1:5002/").text.contains("href=\"http://10.0.0.1:5002/docs\""))
        #expect(try await !page(.missing).text.contains("gateway"))
    }

    @Test(arguments: ["javascript:alert(1)", "http://x\"><script>alert(1)</script>"])
    func `A gateway's URL can't inject markup or a script`(url: String) async throws {
        let text = try await page(.missing, gateway: url).text
        #expect(!text.contains("<script") && !text.contains("javascript:"))
    }

    @Test func `Without a directory there are no static files`() async throws {
        let response = try await TestAPI.run(WebUIRoutes(files: .missing, prefix: nil, gatewayURL: nil).register) { api in
            try await api.get("/static-files/index.html")
        }
        #expect(response.status == 404)
    }
}

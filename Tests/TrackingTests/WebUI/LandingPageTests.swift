import ServiceKit
import TestSupport
import Testing

@testable import Tracking

@Suite struct LandingPageTests {
    private func page(_ files: WebUIFiles, gateway: String? = nil) async throws -> APIResponse {
        try await TestAPI.run(WebUIRoutes(files: files, prefix: nil, gatewayURL: gateway).register) { try await $0.get("/") }
    }

    @Test func `Without the UI's files, the page says what runs here and how to get the UI`() async throws {
        let page = try await page(.missing)
        #expect(page.status == 200)
        #expect(page.headers["content-type"] == "text/html; charset=utf-8")
        for text in [unladenVersion, mlflowContractVersion, "--mlflow-ui DIR", "deploy/run", "href=\"version\"", "href=\"health\""] {
            #expect(page.text.contains(text), "\(text)")
        }
    }

    @Test func `A page of a UI that is off doesn't call it missing`() async throws {
        let page = try await page(.off)
        #expect(page.text.contains("switched off") && !page.text.contains("isn't installed"))
    }

    @Test func `The page runs no script and asks no other server`() async throws {
        let page = try await page(.missing, gateway: "http://10.0.0.1:5002")
        #expect(page.headers["content-security-policy"]?.hasPrefix("default-src 'none'; style-src 'unsafe-inline'") == true)
        #expect(page.headers["x-frame-options"] == "SAMEORIGIN")
        #expect(!page.text.contains("<script") && !page.text.contains(" src="))
    }

    @Test func `Where the gateway is known, its page is linked`() async throws {
        #expect(try await page(.missing, gateway: "http://10.0.0.1:5002/").text.contains("href=\"http://10.0.0.1:5002/docs\""))
        #expect(try await !page(.missing).text.contains("gateway"))
    }

    @Test(arguments: ["javascript:alert(1)", "http://x\"><script>alert(1)</script>"])
    func `A gateway's address can't become markup or a script`(url: String) async throws {
        let text = try await page(.missing, gateway: url).text
        #expect(!text.contains("<script") && !text.contains("javascript:"))
    }

    @Test func `There are no static files without a folder`() async throws {
        let response = try await TestAPI.run(WebUIRoutes(files: .missing, prefix: nil, gatewayURL: nil).register) { api in
            try await api.get("/static-files/index.html")
        }
        #expect(response.status == 404)
    }
}

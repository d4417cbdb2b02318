import TestSupport
import Testing

@testable import Registry

@Suite struct RouteDocumentTests {
    @Test func `The documented routes are those of the registry`() async throws {
        try await withRegistry { try RouteDocument.check("Registry", $0.registry.register) }
    }
}

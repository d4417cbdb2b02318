import ServiceKit
import TestSupport
import Testing

@testable import Tracking

@Suite struct RouteDocumentTests {
    @Test func `The documented routes are those of the tracking service`() async throws {
        try await TrackingFixture.run(on: .sqlite) { fixture in
            let tracking = try TrackingFixture.service(fixture.database, fixture.artifacts, webUI: .directory(fixture.directory))
            try RouteDocument.check("Tracking", tracking.register)
        }
    }
}

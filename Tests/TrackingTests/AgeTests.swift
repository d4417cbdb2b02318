import Primitives
import Testing

@testable import Tracking

@Suite struct AgeTests {
    @Test(arguments: [
        ("30d", 2_592_000_000), ("12h", 43_200_000), ("2d8h5m20s", 201_920_000), ("0s", 0), ("1.5h", 5_400_000), ("2m4s", 124_000),
    ])
    func `An age has MLflow's format`(text: String, milliseconds: Int64) {
        #expect(Age(text)?.duration == Milliseconds(milliseconds))
    }

    @Test(arguments: ["", "30", "d", "-1d", "1w", "1h2d", "1d ", "1..2d", "٣d", "1e9d", "99999999999999999999d"])
    func `Any other string is rejected`(text: String) {
        #expect(Age(text) == nil)
    }
}

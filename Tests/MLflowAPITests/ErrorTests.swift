import MLflowAPI
import SearchFilter
import ServiceKit
import Testing
import WireProtocol

@Suite struct ErrorTests {
    @Test func `An invalid filter is an invalid parameter with the filter's message`() {
        let error = ServiceError(FilterError("Invalid clause(s) in filter string: 'x'"))
        #expect(error.code == .invalidParameterValue)
        #expect(error.message == "Invalid clause(s) in filter string: 'x'")
    }
}

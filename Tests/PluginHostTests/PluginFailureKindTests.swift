import PluginABI
import PluginHost
import Testing

@Suite struct PluginFailureKindTests {
    @Test func `A status other than success is a failure, and an unknown one counts as failed`() {
        #expect(PluginFailureKind(unladen_status(UNLADEN_OK)) == nil)
        #expect(PluginFailureKind(unladen_status(UNLADEN_UNSUPPORTED)) == .unsupported)
        #expect(PluginFailureKind(4711) == .failed)
        #expect(PluginFailureKind(-1) == .failed)
    }
}

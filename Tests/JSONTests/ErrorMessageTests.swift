import JSON
import Testing

@Suite struct ErrorMessageTests {
    @Test func `Quoted values in a message are truncated, but the text around them isn't`() {
        let long = String(repeating: "x", count: 10_000)
        let message: ErrorMessage = "Invalid name '\(long)' of \(3) or \(long.prefix(2))." + " Use \(untruncated: "another")."
        #expect(message.text == "Invalid name '\(String(repeating: "x", count: 500))…' of 3 or xx. Use another.")
    }

    @Test func `A message created from existing text is truncated as a whole`() {
        #expect(ErrorMessage(String(repeating: "x", count: 10_000)).text.count == Excerpt.messageLength + 1)
        #expect(ErrorMessage("short").text == "short")
    }
}

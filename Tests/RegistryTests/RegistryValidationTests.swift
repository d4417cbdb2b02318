import Testing
import WireProtocol

@Suite struct RegistryValidationTests {
    private func message(_ check: () throws -> Void) -> String? {
        do {
            try check()
            return nil
        } catch {
            return (error as? ServiceError)?.message
        }
    }

    @Test func `A model can have any name that isn't a path`() {
        for name in ["m", " padded ", "größe 数据 🦜", "a.b", "a..b", "x.", String(repeating: "n", count: 256)] {
            #expect(message { try Validation.checkModelName(name) } == nil, "\(name)")
        }
        for name in ["", "\u{a0}\u{2003}", "a/b", "a:b", ".", "..", "..x", String(repeating: "n", count: 257)] {
            #expect(message { try Validation.checkModelName(name) } != nil, "\(name)")
        }
        #expect(message { try Validation.checkModelName(" ", parameter: "new_name") } == "Missing value for required parameter 'new_name'.")
    }

    @Test func `Aliases are words, except latest and version numbers`() {
        for alias in ["champion", "challenger_2-b", "größe", "v1x", "v", "V", String(repeating: "a", count: 255)] {
            #expect(message { try Validation.checkNewAlias(alias) } == nil, "\(alias)")
        }
        #expect(message { try Validation.checkNewAlias("LATEST") } == "'latest' alias name (case insensitive) is reserved.")
        #expect(message { try Validation.checkNewAlias("V12") } == "Version alias name 'V12' is reserved.")
        #expect(
            message { try Validation.checkNewAlias("a b") }
                == "Invalid alias name: 'a b'. Names may only contain alphanumerics, underscores (_), and dashes (-).")
        #expect(
            message { try Validation.checkNewAlias(String(repeating: "a", count: 256)) }
                == "'Registered model alias name' exceeds the maximum length of 255 characters")
    }

    @Test func `Version numbers are parsed like Python integers`() throws {
        #expect(try Validation.versionNumber(" 012 ") == 12)
        #expect(try Validation.versionNumber("-1") == -1)
        #expect(try Validation.versionNumber("99999999999999999999") == .max)
        for text in ["", "one", "1.0", "1e3", "0x1"] {
            #expect(message { _ = try Validation.versionNumber(text) } == "Parameter 'version' must be an integer, got '\(text)'.")
        }
    }
}

import SafeText
import Testing

@Suite struct TextTableTests {
    @Test func `Columns are as wide as their widest cell, and lines don't end in spaces`() {
        var table = TextTable(["name", "count", ""], rightAligned: [1])
        table.add(["runs", "12345", ""])
        table.add(["experiments", "7", "differs"])
        #expect(
            table.description == """
                name         count
                runs         12345
                experiments      7  differs
                """)
    }

    @Test func `A row may have fewer cells than the header`() {
        var table = TextTable(["a", "b"])
        table.add(["long"])
        table.add([])
        #expect(table.description == "a     b\nlong\n")
    }

    @Test func `Control characters in cells are escaped`() {
        var table = TextTable(["name"])
        table.add(["a\r\n\u{1B}[2J\u{202E}"])
        #expect(table.description == #"name\#na\r\n\u001b[2J\u202e"#)
    }
}

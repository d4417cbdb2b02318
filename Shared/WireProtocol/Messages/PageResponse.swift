/// A page as a response: a list under `name`, and a token for the next page if there is one.
package struct PageResponse<Item: JSONWritable & Sendable>: JSONWritable, Sendable {
    package var name: StaticString
    package var items: [Item]
    package var nextPageToken: String?

    package init(name: StaticString, items: [Item], nextPageToken: String? = nil) {
        self.name = name
        self.items = items
        self.nextPageToken = nextPageToken
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field(name, items)
            json.field("next_page_token", nextPageToken)
        }
    }
}

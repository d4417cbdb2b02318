package import WireProtocol

/// One page of what a search found, and where the next page starts.
package struct Page<Item: Sendable>: Sendable {
    package var items: [Item]
    /// `nil` on the last page.
    package var nextOffset: Int?

    package init(items: [Item], nextOffset: Int?) {
        self.items = items
        self.nextOffset = nextOffset
    }

    /// - Parameters:
    ///   - found: the results from `offset` on: up to one more than `size`, which tells whether there is another page.
    ///   - size: how many results the page may have.
    package init(found: [Item], size: Int, offset: Int) {
        items = Array(found.prefix(size))
        // No overflow: so many rows exist.
        nextOffset = found.count > size ? offset + size : nil
    }
}

/// A page as a response: a list of that name, and a token for the next page if there is one.
package struct PageResponse<Item: JSONWritable & Sendable>: JSONWritable, Sendable {
    package var name: StaticString
    package var items: [Item]
    package var nextPageToken: String?

    package init(name: StaticString, items: [Item], nextPageToken: String? = nil) {
        self.name = name
        self.items = items
        self.nextPageToken = nextPageToken
    }

    /// A page whose token is MLflow's usual one, which holds the offset.
    package init(name: StaticString, _ page: Page<Item>) {
        self.init(name: name, items: page.items, nextPageToken: page.nextOffset.map(PageToken.make))
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field(name, items)
            json.field("next_page_token", nextPageToken)
        }
    }
}

package import WireProtocol

/// One page of search results and the offset of the next page.
package struct Page<Item: Sendable>: Sendable {
    package var items: [Item]
    /// `nil` on the last page.
    package var nextOffset: Int?

    package init(items: [Item], nextOffset: Int?) {
        self.items = items
        self.nextOffset = nextOffset
    }

    /// - Parameters:
    ///   - found: the results starting at `offset`: up to one more than `size`, which indicates whether there is another page.
    ///   - size: the maximum number of results on the page.
    package init(found: [Item], size: Int, offset: Int) {
        items = Array(found.prefix(size))
        // Can't overflow: that many rows exist.
        nextOffset = found.count > size ? offset + size : nil
    }
}

extension PageResponse {
    /// A page with MLflow's usual token, which contains the offset.
    package init(name: StaticString, _ page: Page<Item>) {
        self.init(name: name, items: page.items, nextPageToken: page.nextOffset.map(PageToken.make(offset:)))
    }
}

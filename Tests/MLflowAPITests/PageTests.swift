import MLflowAPI
import Testing
import WireProtocol

@Suite struct PageTests {
    @Test func `There is another page if one more result was found than fits`() {
        let page = Page(found: [1, 2, 3], size: 2, offset: 4)
        #expect(page.items == [1, 2])
        #expect(page.nextOffset == 6)
        #expect(Page(found: [1, 2], size: 2, offset: 4).nextOffset == nil)
    }

    @Test func `A page size is positive and within the limit`() throws {
        #expect(try PageSize.checked(1) == 1)
        #expect(try PageSize.checked(1000, limit: 1000) == 1000)
        for size in [0, -1, 1001] as [Int64] {
            #expect(throws: ServiceError.self) { try PageSize.checked(size, limit: 1000) }
        }
    }
}

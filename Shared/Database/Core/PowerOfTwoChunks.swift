extension Array {
    /// The elements in slices whose lengths are powers of two up to `limit`: 11 elements become 8, 2 and 1. Multi-row statements built
    /// from them have few distinct lengths, so few statements need to be prepared.
    package func powerOfTwoChunks(limit: Int = 64) -> [ArraySlice<Element>] {
        var slices: [ArraySlice<Element>] = []
        var start = startIndex
        var length = Swift.max(1, limit.roundedUpToPowerOfTwo)
        while start < endIndex {
            while length > endIndex - start { length /= 2 }
            slices.append(self[start..<start + length])
            start += length
        }
        return slices
    }
}

extension Int {
    var roundedUpToPowerOfTwo: Int {
        self <= 1 ? 1 : 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount)
    }
}

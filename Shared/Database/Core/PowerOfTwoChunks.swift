extension Array {
    /// The elements in runs whose lengths are powers of two, at most `limit`: 11 become 8, 2 and 1. Multi-row statements made
    /// from them come in few lengths, and so are prepared once each.
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

internal import CMalloc

/// How the process's memory goes back to the system.
enum LargeAllocations {
    /// Bytes from which a block of memory is a mapping of its own.
    private static let mappingThreshold: Int32 = 256 << 10
    /// Bytes that may stay free at the end of a heap.
    private static let trimThreshold: Int32 = 2 << 20

    /// Has every large block returned to the system as soon as it is freed.
    ///
    /// By default glibc raises its threshold to the size of the largest block that was freed, up to 32 MiB, and takes blocks below that
    /// from heaps, where they leave holes (mallopt(3), M_MMAP_THRESHOLD): after a crowd of bodies of 14 MB a gateway kept 300 MB.
    static func returnWhenFreed() {
        _ = mallopt(M_MMAP_THRESHOLD, mappingThreshold)
        _ = mallopt(M_TRIM_THRESHOLD, trimThreshold)
    }
}

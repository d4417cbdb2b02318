internal import CMalloc
internal import Dispatch
internal import Synchronization

/// Configures glibc's allocator to return free memory to the operating system.
package enum MallocTuning {
    /// The minimum size in bytes of a request after which the heaps are trimmed.
    private static let trimmingSize = 16 << 20
    /// The delay before trimming, so that it covers several requests.
    private static let trimmingDelay = DispatchTimeInterval.milliseconds(200)
    private static let isTrimmingDue = Atomic(false)

    /// Schedules trimming all heaps after the end of a request that reserved `size` bytes. Otherwise glibc keeps the free pages of small
    /// blocks, such as the values of a large document.
    static func trimAfterRequest(size: Int) {
        guard size >= trimmingSize, !isTrimmingDue.exchange(true, ordering: .relaxed) else { return }
        DispatchQueue.global(qos: .utility).asyncAfter(deadline: .now() + trimmingDelay) {
            isTrimmingDue.store(false, ordering: .relaxed)
            _ = malloc_trim(0)
        }
    }

    /// The size in bytes from which a block is allocated by `mmap`.
    private static let mappingThreshold: Int32 = 256 << 10
    /// The number of bytes that may stay free at the top of a heap.
    private static let trimThreshold: Int32 = 2 << 20

    /// Makes glibc return every large block to the operating system as soon as it is freed.
    ///
    /// By default glibc raises its threshold to the size of the largest freed block, up to 32 MiB, and allocates smaller blocks from
    /// heaps, where they leave holes (mallopt(3), M_MMAP_THRESHOLD). After many large bodies, the process would keep that memory.
    package static func configure() {
        _ = mallopt(M_MMAP_THRESHOLD, mappingThreshold)
        _ = mallopt(M_TRIM_THRESHOLD, trimThreshold)
    }
}

internal import CMalloc
internal import Dispatch
internal import Synchronization

/// How the process's memory goes back to the system.
enum MallocTuning {
    /// Bytes that a request must have had for its small blocks to be worth a search through the heaps.
    private static let trimmingSize = 16 << 20
    /// How long a search waits for more requests to end.
    private static let trimmingDelay = DispatchTimeInterval.milliseconds(200)
    private static let isTrimmingDue = Atomic(false)

    /// Returns the free pages of all heaps soon after a request has ended that reserved `size` bytes: small blocks, such as the values of a
    /// large document, don't go back by themselves.
    static func trimAfterRequest(size: Int) {
        guard size >= trimmingSize, !isTrimmingDue.exchange(true, ordering: .relaxed) else { return }
        DispatchQueue.global(qos: .utility).asyncAfter(deadline: .now() + trimmingDelay) {
            isTrimmingDue.store(false, ordering: .relaxed)
            _ = malloc_trim(0)
        }
    }

    /// Bytes from which a block of memory is a mapping of its own.
    private static let mappingThreshold: Int32 = 256 << 10
    /// Bytes that may stay free at the end of a heap.
    private static let trimThreshold: Int32 = 2 << 20

    /// Has every large block returned to the system as soon as it is freed.
    ///
    /// By default glibc raises its threshold to the size of the largest block that was freed, up to 32 MiB, and takes blocks below that
    /// from heaps, where they leave holes (mallopt(3), M_MMAP_THRESHOLD): after a crowd of bodies of 14 MB a gateway kept 300 MB.
    static func configure() {
        _ = mallopt(M_MMAP_THRESHOLD, mappingThreshold)
        _ = mallopt(M_TRIM_THRESHOLD, trimThreshold)
    }
}

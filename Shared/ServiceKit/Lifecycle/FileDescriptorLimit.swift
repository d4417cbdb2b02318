internal import Glibc

/// The limit on the process's open files, which include its connections.
enum FileDescriptorLimit {
    /// More than any service needs: a gateway with 10,000 streams has 20,000 connections.
    private static let desired: rlim_t = 65_536
    /// The number of descriptors to preallocate: 8 bytes of kernel memory each.
    private static let preallocated: rlim_t = 16_384

    /// Raises the soft limit as far as the hard limit allows, up to `desired`. Shells and containers usually start with 1,024, for
    /// programs that use `select`; a gateway would reject its 512th stream. Keeps the current limit if it can't be raised.
    static func raise() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        let possible = min(desired, limit.rlim_max)
        guard limit.rlim_cur < possible else { return }
        limit.rlim_cur = possible
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    /// The default maximum number of connections: half of the limit on open files, because a gateway needs a provider connection for each,
    /// but no more than `preallocated`.
    static var defaultConnectionLimit: Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 512 }
        return Int(min(preallocated, max(limit.rlim_cur / 2, 32)))
    }

    /// Makes the kernel grow its descriptor table now, while the process has few threads.
    ///
    /// The table starts with 64 descriptors and doubles when it is full. With several threads, the `accept` or `socket` that fills it
    /// then waits for an RCU grace period, several milliseconds; on an event loop, that blocks all its connections.
    static func preallocateTable() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        let highest = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, Int32(min(preallocated, limit.rlim_cur)) - 1)
        if highest >= 0 { close(highest) }
    }
}

internal import Glibc

/// How many files, and with them connections, a process may have open at once.
enum FileDescriptorLimit {
    /// More than any service needs: a gateway with 10,000 streams has 20,000 connections.
    private static let desired: rlim_t = 65_536
    /// How many there is room for from the start: 8 bytes of the kernel's memory each.
    private static let preallocated: rlim_t = 16_384

    /// Raises the limit to what the system lets the process have. Shells and containers begin with 1,024 as a rule, for the sake of
    /// programs that use `select`; a gateway would refuse its 512th stream. Where it can't be raised, it stays.
    static func raise() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        let possible = min(desired, limit.rlim_max)
        guard limit.rlim_cur < possible else { return }
        limit.rlim_cur = possible
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    /// How many connections a service takes unless it is told: half of the files that it may open, as a gateway needs one to a provider
    /// for each, and no more than there is room for from the start.
    static var defaultConnectionLimit: Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 512 }
        return Int(min(preallocated, max(limit.rlim_cur / 2, 32)))
    }

    /// Has the kernel make room for many descriptors now, while there are hardly any threads.
    ///
    /// Its table begins with 64 and doubles when it is full. With several threads, the `accept` or `socket` that finds it full then
    /// waits until no processor can be reading the old one, 5 to 15 ms; on an event loop, all connections wait with it.
    static func preallocateTable() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        let highest = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, Int32(min(preallocated, limit.rlim_cur)) - 1)
        if highest >= 0 { close(highest) }
    }
}

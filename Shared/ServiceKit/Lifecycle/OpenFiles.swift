internal import Glibc

/// How many files, and with them connections, a process may have open at once.
enum OpenFiles {
    /// More than any service needs: a gateway with 10,000 streams has 20,000 connections.
    private static let wanted: rlim_t = 65_536

    /// Raises the limit to what the system lets the process have. Shells and containers begin with 1,024 as a rule, for the sake of
    /// programs that use `select`; a service would refuse its 512th stream.
    ///
    /// - Returns: the limit from now on, `nil` when it isn't known.
    @discardableResult
    static func raiseLimit() -> Int? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
        let possible = min(wanted, limit.rlim_max)
        if limit.rlim_cur < possible {
            var raised = limit
            raised.rlim_cur = possible
            if setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0 { limit = raised }
        }
        return Int(clamping: limit.rlim_cur)
    }
}

internal import Foundation

/// The memory of a process in bytes, from `/proc/PID/statm` (proc(5)).
package struct ProcessMemory: Sendable {
    package var virtual: Int
    package var resident: Int

    static func current() -> ProcessMemory? { of(pid: getpid()) }

    /// The memory of a process; `nil` when it doesn't exist.
    package static func of(pid: Int32) -> ProcessMemory? {
        guard let text = try? String(contentsOfFile: "/proc/\(pid)/statm", encoding: .utf8) else { return nil }
        let pages = text.split(separator: " ").prefix(2).compactMap { Int($0) }
        guard pages.count == 2 else { return nil }
        let pageSize = sysconf(Int32(_SC_PAGESIZE))
        return ProcessMemory(virtual: pages[0] * pageSize, resident: pages[1] * pageSize)
    }
}

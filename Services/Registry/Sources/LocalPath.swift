internal import Glibc

/// Paths in the local file system.
enum LocalPath {
    /// Whether `path` equals `directory` or is below it, after resolving symbolic links as far as the paths exist.
    ///
    /// Always false for relative paths and paths with `..`.
    static func isInside(_ path: String, directory: String) -> Bool {
        guard let path = segments(of: path), let directory = segments(of: directory) else { return false }
        return path.starts(with: directory)
    }

    /// The segments of a path with symbolic links resolved; `nil` if the path isn't absolute, contains `..`, or contains a link
    /// that can't be resolved.
    private static func segments(of path: String) -> [Substring]? {
        guard path.hasPrefix("/"), !path.utf8.contains(0) else { return nil }
        var existing = path.split(separator: "/").filter { $0 != "." }
        guard !existing.contains("..") else { return nil }
        var missing: [Substring] = []
        while true {
            let candidate = "/" + existing.joined(separator: "/")
            if let real = realpath(candidate, nil) {
                defer { free(real) }
                return String(cString: real).split(separator: "/") + missing.reversed()
            }
            // An entry that exists but can't be resolved is a dangling link, whose target may be created later.
            var status = stat()
            guard lstat(candidate, &status) != 0, let last = existing.popLast() else { return nil }
            missing.append(last)
        }
    }
}

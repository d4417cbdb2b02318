internal import Glibc

/// A path of this machine's file system.
enum LocalPath {
    /// Whether `path` is `folder` or lies in it, with symbolic links followed as far as the paths exist.
    ///
    /// Relative paths, and paths that go up, never are.
    static func isInside(_ path: String, folder: String) -> Bool {
        guard let path = segments(of: path), let folder = segments(of: folder) else { return false }
        return path.starts(with: folder)
    }

    /// The segments of a path without symbolic links; `nil` when it isn't absolute, goes up, or leads through a link that
    /// can't be followed.
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
            // What is there but can't be resolved is a link to nowhere, which somebody may make a link to anywhere.
            var status = stat()
            guard lstat(candidate, &status) != 0, let last = existing.popLast() else { return nil }
            missing.append(last)
        }
    }
}

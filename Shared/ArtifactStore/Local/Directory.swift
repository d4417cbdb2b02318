import Glibc

/// An open directory, which is traversed one name at a time and never through symbolic links.
///
/// Because each step is relative to an open descriptor and never goes up, no operation can escape the initial directory, even if others
/// rename or link files concurrently. A name must be a single path component: not `..` and without slashes. All methods block.
struct Directory: Sendable {
    private static let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
    /// The mode of new directories: owner only. The umask may restrict it further.
    static let mode: mode_t = 0o700

    let file: OpenFile

    /// Opens a directory by its path, following symbolic links. For the store's root.
    init(path: String) throws(SystemError) {
        file = OpenFile(descriptor: try systemCall("open") { open(path, Self.flags) })
    }

    private init(descriptor: CInt) {
        file = OpenFile(descriptor: descriptor)
    }

    /// Opens the subdirectory `name`. Throws ELOOP for a symbolic link, ENOTDIR for a file.
    func directory(named name: UnsafePointer<CChar>) throws(SystemError) -> Directory {
        do throws(SystemError) {
            return Directory(
                descriptor: try systemCall("openat") {
                    openat(file.descriptor, name, Self.flags | O_NOFOLLOW)
                })
        } catch {
            // Linux reports ENOTDIR for a symbolic link that must not be followed.
            if error.code == ENOTDIR, try status(of: name).isSymbolicLink {
                throw SystemError(call: error.call, code: ELOOP)
            }
            throw error
        }
    }

    /// Opens the directory at the relative path `names`.
    func descend(_ names: some Sequence<String>) throws(SystemError) -> Directory {
        var current = self
        for name in names { current = try current.directory(named: name) }
        return current
    }

    /// Opens a regular file for reading. Throws ELOOP for a symbolic link, EISDIR for a directory, and ENOENT for a device, socket or pipe,
    /// which aren't artifacts.
    func file(named name: UnsafePointer<CChar>) throws(SystemError) -> OpenFile {
        // O_NONBLOCK: opening a pipe must not block until its other end is opened.
        let opened = OpenFile(
            descriptor: try systemCall("openat") {
                openat(file.descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
            })
        let status = try opened.status()
        if status.isDirectory { throw SystemError(call: "openat", code: EISDIR) }
        guard status.isRegularFile else { throw SystemError(call: "openat", code: ENOENT) }
        return opened
    }

    /// Like ``descend(_:)``, but creates missing directories durably.
    func makeDirectories(_ names: some Sequence<String>) throws(SystemError) -> Directory {
        var current = self
        for name in names {
            do throws(SystemError) {
                current = try current.directory(named: name)
            } catch {
                guard error.code == ENOENT else { throw error }
                current = try current.makeDirectory(named: name)
            }
        }
        return current
    }

    private func makeDirectory(named name: UnsafePointer<CChar>) throws(SystemError) -> Directory {
        do throws(SystemError) {
            try systemCall("mkdirat") { mkdirat(file.descriptor, name, Self.mode) }
        } catch {
            // Another writer may have just created it.
            guard error.code == EEXIST else { throw error }
        }
        try file.synchronize()
        return try directory(named: name)
    }

    /// The status of an entry. Doesn't follow a symbolic link.
    func status(of name: UnsafePointer<CChar>) throws(SystemError) -> stat {
        var status = stat()
        try systemCall("fstatat") { fstatat(file.descriptor, name, &status, AT_SYMLINK_NOFOLLOW) }
        return status
    }

    /// The names of all entries except `.` and `..`, as C strings in no particular order. They may be invalid UTF-8.
    func names() throws(SystemError) -> [[CChar]] {
        // The stream takes ownership of its descriptor, so it needs its own.
        let descriptor = try systemCall("openat") { openat(file.descriptor, ".", Self.flags) }
        guard let stream = fdopendir(descriptor) else {
            let code = errno
            close(descriptor)
            throw SystemError(call: "fdopendir", code: code)
        }
        defer { closedir(stream) }
        var names: [[CChar]] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                let code = errno
                if code != 0 { throw SystemError(call: "readdir", code: code) }
                return names
            }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                bytes.prefix { $0 != 0 }.map { CChar(bitPattern: $0) } + [0]
            }
            if strcmp(name, ".") != 0, strcmp(name, "..") != 0 { names.append(name) }
        }
    }
}

extension stat {
    var isDirectory: Bool { st_mode & S_IFMT == S_IFDIR }
    var isRegularFile: Bool { st_mode & S_IFMT == S_IFREG }
    var isSymbolicLink: Bool { st_mode & S_IFMT == S_IFLNK }
}

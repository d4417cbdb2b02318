import Glibc

/// An open directory, from which one goes down one name at a time and never through a symbolic link.
///
/// Since there is no step up and each step is relative to an open descriptor, nothing that is done through this can
/// leave the directory it began with, whatever others rename or link meanwhile. A name must be a single one: no `..`,
/// no slash. All methods block.
struct Directory: Sendable {
    private static let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
    /// For the owner only; the umask may narrow it further.
    static let mode: mode_t = 0o700

    let file: OpenFile

    /// Opens a directory by its path, following symbolic links: the store's root.
    init(path: String) throws(SystemError) {
        file = OpenFile(descriptor: try systemCall("open") { open(path, Self.flags) })
    }

    private init(descriptor: CInt) {
        file = OpenFile(descriptor: descriptor)
    }

    /// The directory `name` in this one. Throws ELOOP for a symbolic link, ENOTDIR for a file.
    func directory(named name: UnsafePointer<CChar>) throws(SystemError) -> Directory {
        do throws(SystemError) {
            return Directory(
                descriptor: try systemCall("openat") {
                    openat(file.descriptor, name, Self.flags | O_NOFOLLOW)
                })
        } catch {
            // Linux reports a link that mustn't be followed as ENOTDIR here.
            if error.code == ENOTDIR, try status(of: name).isSymbolicLink {
                throw SystemError(call: error.call, code: ELOOP)
            }
            throw error
        }
    }

    /// The directory that `names` lead to from this one.
    func descend(_ names: some Sequence<String>) throws(SystemError) -> Directory {
        var current = self
        for name in names { current = try current.directory(named: name) }
        return current
    }

    /// Opens a regular file to read. Throws ELOOP for a symbolic link, EISDIR for a directory, ENOENT for a device,
    /// socket or pipe: these are no artifacts.
    func file(named name: UnsafePointer<CChar>) throws(SystemError) -> OpenFile {
        // O_NONBLOCK: opening a pipe must not wait for its other end.
        let opened = OpenFile(
            descriptor: try systemCall("openat") {
                openat(file.descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
            })
        let status = try opened.status()
        if status.isDirectory { throw SystemError(call: "openat", code: EISDIR) }
        guard status.isRegularFile else { throw SystemError(call: "openat", code: ENOENT) }
        return opened
    }

    /// Like ``descend(_:)``, but makes what is missing. What was made survives a crash.
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
            // Another writer may have made it just now.
            guard error.code == EEXIST else { throw error }
        }
        try file.synchronize()
        return try directory(named: name)
    }

    /// The status of an entry; of the link itself where it is one.
    func status(of name: UnsafePointer<CChar>) throws(SystemError) -> stat {
        var status = stat()
        try systemCall("fstatat") { fstatat(file.descriptor, name, &status, AT_SYMLINK_NOFOLLOW) }
        return status
    }

    /// The names of all entries but `.` and `..`, as C strings and in no order. They may be anything but UTF-8.
    func names() throws(SystemError) -> [[CChar]] {
        // The stream closes the descriptor it is given, so that it gets one of its own.
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

import Glibc

extension Directory {
    /// How often a directory that others write into meanwhile is emptied again before giving up.
    private static let removalAttempts = 4

    /// Removes the entry `name` with all that is below it; a symbolic link is removed, never followed. Nothing of that
    /// name is no error.
    func remove(_ name: UnsafePointer<CChar>) throws(SystemError) {
        for attempt in 1...Self.removalAttempts {
            do throws(SystemError) {
                return try removeOnce(name)
            } catch {
                if error.code == ENOENT { return }
                guard error.code == ENOTEMPTY, attempt < Self.removalAttempts else { throw error }
            }
        }
    }

    /// Removes every entry.
    func removeContents() throws(SystemError) {
        for name in try names() { try remove(name) }
    }

    private func removeOnce(_ name: UnsafePointer<CChar>) throws(SystemError) {
        do throws(SystemError) {
            try systemCall("unlinkat") { unlinkat(file.descriptor, name, 0) }
        } catch {
            // Linux says EISDIR for a directory, POSIX asks for EPERM.
            guard error.code == EISDIR || error.code == EPERM else { throw error }
            guard try status(of: name).isDirectory else { throw error }
            try directory(named: name).removeContents()
            try systemCall("unlinkat") { unlinkat(file.descriptor, name, AT_REMOVEDIR) }
        }
    }
}

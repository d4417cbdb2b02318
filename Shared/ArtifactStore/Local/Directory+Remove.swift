import Glibc

extension Directory {
    /// How often to empty a directory that others write to concurrently before giving up.
    private static let removalAttempts = 4

    /// Removes the entry `name` recursively. Removes a symbolic link without following it. Does nothing if the entry doesn't exist.
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

    /// Removes all entries.
    func removeContents() throws(SystemError) {
        for name in try names() { try remove(name) }
    }

    private func removeOnce(_ name: UnsafePointer<CChar>) throws(SystemError) {
        do throws(SystemError) {
            try systemCall("unlinkat") { unlinkat(file.descriptor, name, 0) }
        } catch {
            // For a directory, Linux returns EISDIR; POSIX specifies EPERM.
            guard error.code == EISDIR || error.code == EPERM else { throw error }
            guard try status(of: name).isDirectory else { throw error }
            try directory(named: name).removeContents()
            try systemCall("unlinkat") { unlinkat(file.descriptor, name, AT_REMOVEDIR) }
        }
    }
}

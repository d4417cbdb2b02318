internal import Glibc

/// Creates database files that only their owner can read: they contain everything that a team logs, and hashes of API keys.
enum PrivateFile {
    /// Creates an empty file with mode 0600 unless one exists. SQLite treats it as a new database, and gives its companion files
    /// (`-wal`, `-shm`) the same mode; by itself, SQLite would create files that everyone can read.
    ///
    /// An existing file keeps its mode, which an operator may have chosen. If the file can't be created, opening it reports why.
    static func create(_ path: String) {
        let file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if file >= 0 { close(file) }
    }
}

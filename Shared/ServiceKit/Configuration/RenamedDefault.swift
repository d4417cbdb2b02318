internal import Foundation

/// The default path of a directory whose name has changed between releases.
package enum RenamedDefault {
    /// Returns `former` if that directory exists, so that its data stays in use, and `current` otherwise.
    package static func folder(_ current: String, formerly former: String) -> String {
        folder(current, formerly: former) { path in
            var isDirectory: ObjCBool = false
            return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
        }
    }

    /// - Parameter exists: returns whether a directory exists.
    static func folder(_ current: String, formerly former: String, exists: (String) -> Bool) -> String {
        exists(former) ? former : current
    }
}

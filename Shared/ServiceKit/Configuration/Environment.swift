internal import Foundation

/// The environment variables of the process. An empty variable counts as unset.
package enum Environment {
    package static subscript(name: String) -> String? {
        ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}

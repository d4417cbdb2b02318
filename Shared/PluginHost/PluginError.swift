/// The reason why a plugin was rejected.
package struct PluginError: Error, Equatable, CustomStringConvertible {
    package var description: String

    package init(_ reason: String) {
        description = reason
    }
}

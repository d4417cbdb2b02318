package import PluginABI

/// Why a call of a plugin failed: the values of `unladen_status` in `unladen_plugin.h`, except success.
package enum PluginFailureKind: String, Sendable {
    case invalid, unsupported, misconfigured, malformed, failed

    /// `nil` if the call succeeded. An unknown status counts as `failed`.
    package init?(_ status: unladen_status) {
        switch Int(status) {
        case Int(UNLADEN_OK): return nil
        case Int(UNLADEN_INVALID): self = .invalid
        case Int(UNLADEN_UNSUPPORTED): self = .unsupported
        case Int(UNLADEN_MISCONFIGURED): self = .misconfigured
        case Int(UNLADEN_MALFORMED): self = .malformed
        default: self = .failed
        }
    }
}

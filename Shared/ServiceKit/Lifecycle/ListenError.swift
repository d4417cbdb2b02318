internal import Glibc
package import NIOCore

/// An error of resolving or binding the address that a process listens on, with a message for its operator.
package struct ListenError: ConfigurationErrorConvertible, CustomStringConvertible {
    /// Such as "Can't listen on 127.0.0.1:5000: address already in use."
    package let description: String

    package var configurationError: ConfigurationError { ConfigurationError(description) }

    /// - Parameter error: the error of the `bind` call.
    package init(host: String, port: Int, _ error: IOError) {
        self.init(host: host, port: port, reason: String(cString: strerror(error.errnoCode)))
    }

    /// - Parameter error: the error of the name resolution.
    package init(host: String, port: Int, _ error: SocketAddressError.UnknownHost) {
        self.init(host: host, port: port, reason: error.errorDescription)
    }

    private init(host: String, port: Int, reason: String) {
        let host = host.contains(":") ? "[\(host)]" : host
        description = "Can't listen on \(host):\(port): \(reason.prefix(1).lowercased())\(reason.dropFirst())."
    }
}

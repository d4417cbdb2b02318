package import AsyncHTTPClient
package import NIOCore

extension HTTPClient.Configuration {
    /// The configuration of a client for another Unladen service.
    ///
    /// Redirects aren't followed, because only the service may receive the credentials, and responses aren't decompressed. A service that
    /// is down is reported immediately: the caller decides when to retry.
    ///
    /// - Parameter readTimeout: the maximum time between two parts of a response.
    package static func service(connectTimeout: TimeAmount = .seconds(2), readTimeout: TimeAmount? = nil) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: connectTimeout, read: readTimeout))
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }
}

internal import NIOCore
internal import NIOPosix
internal import ServiceKit

/// Allocates the ports of a suite before its services start, because each service needs the addresses of the others.
package enum PortAllocator {
    /// The allocated ports.
    package struct Allocation: Sendable {
        /// The ports by service name.
        package var ports: [String: Int] = [:]
        /// Messages about preferred ports that are in use.
        package var warnings: [String] = []
    }

    /// Allocates exactly `port` for the first service, and for the others their preferred port or a free one. With port 0, all get free
    /// ports.
    ///
    /// Another process may take a port before its service listens on it. The service then reports the error.
    ///
    /// - Throws: `ListenError` when `host` can't be bound, `ConfigurationError` when `port` is in use.
    package static func allocate(for definitions: [ServiceDefinition], host: String, port: Int) async throws -> Allocation {
        var allocation = Allocation()
        // All ports stay reserved until the last one is chosen, so that none is chosen twice.
        var reserved: [any Channel] = []
        do {
            for (index, definition) in definitions.enumerated() {
                let preferred = port == 0 ? 0 : port + definition.portOffset
                let (channel, number) = try await reserve(host: host, preferred: preferred, mayDiffer: index > 0)
                reserved.append(channel)
                allocation.ports[definition.name] = number
                if preferred != 0, number != preferred {
                    let reason = preferred > Self.highestPort ? "there is no port \(preferred)" : "port \(preferred) is in use"
                    allocation.warnings.append("\(reason); \(definition.name) listens on port \(number) instead")
                }
            }
        } catch {
            for channel in reserved { try? await channel.close() }
            throw error
        }
        for channel in reserved { try await channel.close() }
        return allocation
    }

    private static let highestPort = 65535

    private static func reserve(host: String, preferred: Int, mayDiffer: Bool) async throws -> (any Channel, Int) {
        // Binds like a service, so that lingering connections of a previous process don't matter.
        let bootstrap = ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        do {
            let channel = try await bootstrap.bind(host: host, port: preferred <= Self.highestPort ? preferred : 0).get()
            return (channel, channel.localAddress?.port ?? preferred)
        } catch let error as IOError where error.errnoCode == EADDRINUSE && mayDiffer {
            return try await reserve(host: host, preferred: 0, mayDiffer: false)
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw ConfigurationError("\(ListenError(host: host, port: preferred, error)) Choose another port with --port.")
        } catch let error as IOError {
            throw ListenError(host: host, port: preferred, error)
        } catch let error as SocketAddressError.UnknownHost {
            throw ListenError(host: host, port: preferred, error)
        } catch {
            throw ConfigurationError("Can't listen on \(host):\(preferred): \(error).")
        }
    }
}

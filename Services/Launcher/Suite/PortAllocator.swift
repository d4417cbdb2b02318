internal import NIOCore
internal import NIOPosix
internal import ServiceKit

/// Chooses the ports of a suite before its services start, since each must know the others' addresses.
package enum PortAllocator {
    /// The ports by the services' names, and what couldn't be as preferred, in words.
    package struct Allocation: Sendable {
        package var ports: [String: Int] = [:]
        package var warnings: [String] = []
    }

    /// The first service gets `port` and nothing else; the others get theirs or a free one. With port 0 all get free ones.
    ///
    /// Another process may take a port before its service listens there; then that service says so.
    ///
    /// - Throws: `ConfigurationError` when `host` can't be listened on, or `port` is taken.
    package static func allocate(for definitions: [ServiceDefinition], host: String, port: Int) async throws -> Allocation {
        var allocation = Allocation()
        // All are reserved until the last is chosen, so that none is chosen twice.
        var reserved: [any Channel] = []
        do {
            for (index, definition) in definitions.enumerated() {
                let preferred = port == 0 ? 0 : port + definition.portOffset
                let (channel, number) = try await reserve(host: host, preferred: preferred, mayDiffer: index > 0)
                reserved.append(channel)
                allocation.ports[definition.name] = number
                if preferred != 0, number != preferred {
                    allocation.warnings.append("port \(preferred) is taken, so \(definition.name) listens on port \(number)")
                }
            }
        } catch {
            for channel in reserved { try? await channel.close() }
            throw error
        }
        for channel in reserved { try await channel.close() }
        return allocation
    }

    private static func reserve(host: String, preferred: Int, mayDiffer: Bool) async throws -> (any Channel, Int) {
        // As a service binds, so that connections of a predecessor which still linger don't count.
        let bootstrap = ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        do {
            let channel = try await bootstrap.bind(host: host, port: preferred <= 65535 ? preferred : 0).get()
            return (channel, channel.localAddress?.port ?? preferred)
        } catch let error as IOError where error.errnoCode == EADDRINUSE && mayDiffer {
            return try await reserve(host: host, preferred: 0, mayDiffer: false)
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw ConfigurationError("port \(preferred) of \(host) is taken; choose another with --port")
        } catch {
            throw ConfigurationError("can't listen on \(host), port \(preferred): \(error)")
        }
    }
}

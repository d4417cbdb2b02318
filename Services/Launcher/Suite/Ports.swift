internal import NIOCore
internal import NIOPosix
internal import ServiceKit

/// Chooses the ports of a suite before its services start, since each must know the others' addresses.
package enum Ports {
    /// The ports by the services' names, and what couldn't be as preferred, in words.
    package struct Choice: Sendable {
        package var ports: [String: Int] = [:]
        package var remarks: [String] = []
    }

    /// The first service gets `port` and nothing else; the others get theirs or a free one. With port 0 all get free ones.
    ///
    /// Another process may take a port before its service listens there; then that service says so.
    ///
    /// - Throws: `ConfigurationError` when `host` can't be listened on, or `port` is taken.
    package static func choose(for entries: [ServiceEntry], host: String, port: Int) async throws -> Choice {
        var choice = Choice()
        // All are held until the last is chosen, so that none is chosen twice.
        var held: [any Channel] = []
        do {
            for (index, entry) in entries.enumerated() {
                let wanted = port == 0 ? 0 : port + entry.portOffset
                let (channel, number) = try await hold(host: host, wanted: wanted, mayDiffer: index > 0)
                held.append(channel)
                choice.ports[entry.name] = number
                if wanted != 0, number != wanted {
                    choice.remarks.append("port \(wanted) is taken, so \(entry.name) listens on port \(number)")
                }
            }
        } catch {
            for channel in held { try? await channel.close() }
            throw error
        }
        for channel in held { try await channel.close() }
        return choice
    }

    private static func hold(host: String, wanted: Int, mayDiffer: Bool) async throws -> (any Channel, Int) {
        // As a service binds, so that connections of a predecessor which still linger don't count.
        let bootstrap = ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        do {
            let channel = try await bootstrap.bind(host: host, port: wanted <= 65535 ? wanted : 0).get()
            return (channel, channel.localAddress?.port ?? wanted)
        } catch let error as IOError where error.errnoCode == EADDRINUSE && mayDiffer {
            return try await hold(host: host, wanted: 0, mayDiffer: false)
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw ConfigurationError("port \(wanted) of \(host) is taken; choose another with --port")
        } catch {
            throw ConfigurationError("can't listen on \(host), port \(wanted): \(error)")
        }
    }
}

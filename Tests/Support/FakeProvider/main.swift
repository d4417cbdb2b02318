internal import NIOCore
internal import NIOPosix

// fake-provider [--port 0] [--key SECRET]
//
// Simulates the providers of language models: see `Router` for the paths, `Directives` for the faults that a request can trigger, and
// `ControlAPI` for the endpoints that tests use.

let usage = "usage: fake-provider [--port PORT] [--key SECRET]"
var port = 0
var key = Credentials.defaultKey
var arguments = CommandLine.arguments.dropFirst()
while let name = arguments.popFirst() {
    let value = arguments.popFirst()
    switch (name, value) {
    case ("--port", let text?) where Int(text).map { 0..<65536 ~= $0 } ?? false: port = Int(text) ?? 0
    case ("--key", let text?) where !text.isEmpty: key = text
    default: exit(with: usage)
    }
}

do {
    // A single thread, so that nothing needs a lock.
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let server = try Server.start(on: group.next(), port: port, key: key)
    say("listening on http://127.0.0.1:\(server.localAddress?.port ?? 0)")
    try server.closeFuture.wait()
} catch {
    exit(with: "fake-provider: \(error)")
}

import Glibc
import NIOCore
import ServiceKit
import Testing

@Suite struct ListenErrorTests {
    @Test(arguments: [
        ("127.0.0.1", EADDRINUSE, "Can't listen on 127.0.0.1:5000: address already in use."),
        ("::1", EACCES, "Can't listen on [::1]:5000: permission denied."),
    ])
    func `The message contains the address and the system's reason`(host: String, code: Int32, message: String) {
        #expect(ListenError(host: host, port: 5000, IOError(errnoCode: code, reason: "bind(descriptor:)")).description == message)
    }
}

import AdapterKit
import Testing

@testable import BedrockAdapter

@Suite struct EventStreamMessageTests {
    /// A message from AWS's own tests of event streams: awslabs/aws-c-event-stream, tests.
    private static let message: [UInt8] =
        [0, 0, 0, 0x3D, 0, 0, 0, 0x20, 0x07, 0xFD, 0x83, 0x96, 12] + Array("content-type".utf8) + [7, 0, 16]
        + Array("application/json{'foo':'bar'}".utf8) + [0x8D, 0x9C, 0x08, 0xB1]

    private static let known = EventStreamMessage(
        headers: ["content-type": "application/json"], payload: Array("{'foo':'bar'}".utf8))

    @Test func `The checksum is CRC-32`() {
        #expect(CRC32.checksum("123456789".utf8) == 0xCBF4_3926)
        #expect(CRC32.checksum([]) == 0)
    }

    @Test func `Messages are parsed, wherever the stream is split`() throws {
        let empty: [UInt8] = [0, 0, 0, 0x10, 0, 0, 0, 0, 0x05, 0xC2, 0x48, 0xEB, 0x7D, 0x98, 0xC8, 0xFF]
        let stream = Self.message + empty + Self.message
        for cut in 0...stream.count {
            var parser = EventStreamMessageParser()
            let messages = try Self.messages(stream[..<cut], &parser) + Self.messages(stream[cut...], &parser)
            #expect(messages == [Self.known, EventStreamMessage(headers: [:], payload: []), Self.known])
            #expect(!parser.hasPartialMessage)
        }
    }

    @Test func `A message with a corrupt byte is rejected, after the messages before it`() throws {
        for position in Self.message.indices {
            var wrong = Self.message
            wrong[position] ^= 0x10
            var parser = EventStreamMessageParser()
            #expect(try Self.messages(Self.message[...], &parser) == [Self.known])
            #expect(throws: AdapterError.self) { try Self.messages(wrong[...], &parser) }
            // The parser keeps rejecting it.
            #expect(throws: AdapterError.self) { try parser.next() }
        }
    }

    @Test(arguments: [
        // Longer than the limit, rejected before more of it arrives.
        [0x01, 0, 0, 0x01], Array("data".utf8),
        // Shorter than the minimum.
        framed(size: 15, headersSize: 0, []), framed(size: 0, headersSize: 0, []),
        // Shorter than its headers.
        framed(size: 20, headersSize: 5, [0, 0, 0, 0]), framed(size: 20, headersSize: .max, [0, 0, 0, 0]),
        // With truncated headers, or headers of an unknown type.
        framed(size: 18, headersSize: 2, [1, 0x61]), framed(size: 18, headersSize: 2, [5, 0x61]),
        framed(size: 21, headersSize: 5, [1, 0x61, 7, 0, 9]), framed(size: 19, headersSize: 3, [1, 0x61, 10]),
    ])
    func `An invalid message is rejected`(bytes: [UInt8]) {
        var parser = EventStreamMessageParser()
        let error = #expect(throws: AdapterError.self) { try Self.messages(bytes[...], &parser) }
        guard case .malformed = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    private static func messages(
        _ bytes: ArraySlice<UInt8>, _ parser: inout EventStreamMessageParser
    ) throws -> [EventStreamMessage] {
        bytes.withUnsafeBufferPointer { parser.append($0) }
        var messages: [EventStreamMessage] = []
        while let message = try parser.next() { messages.append(message) }
        return messages
    }

    /// A message with valid checksums, and arbitrary sizes.
    private static func framed(size: UInt32, headersSize: UInt32, _ rest: [UInt8]) -> [UInt8] {
        var message = [size, headersSize].flatMap(bytes)
        message += bytes(CRC32.checksum(message)) + rest
        return message + bytes(CRC32.checksum(message))
    }

    private static func bytes(_ number: UInt32) -> [UInt8] { withUnsafeBytes(of: number.bigEndian) { Array($0) } }
}

internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import WireProtocol

/// The encodings of OTLP/HTTP; the raw value is the content type.
enum OTLPEncoding: String, Sendable {
    case protobuf = "application/x-protobuf"
    case json = "application/json"
}

/// The result of an export in which some spans were rejected and the others stored: `ExportTracePartialSuccess`
/// (opentelemetry.io/docs/specs/otlp, Partial Success). A client must not send the rejected spans again.
struct ExportPartialSuccess: Sendable {
    /// The number of rejected spans.
    var count: Int
    /// The limit that the first of them exceeds.
    var reason: String
    var encoding: OTLPEncoding

    var message: String {
        let subject = count == 1 ? "1 span was rejected because it exceeds" : "\(count) spans were rejected because they exceed"
        return "\(subject) a limit: \(reason)."
    }

    /// The `ExportTraceServiceResponse` in the encoding of the request.
    var response: Response {
        Response(
            status: .ok, headers: [.contentType: encoding.rawValue],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: encoding == .json ? json : protobuf)))
    }

    private var json: [UInt8] {
        let partial: JSONValue = ["partialSuccess": ["rejectedSpans": .string(String(count)), "errorMessage": .string(message)]]
        return partial.jsonBytes()
    }

    /// The protobuf encoding: `partial_success` is field 1, with `rejected_spans` as field 1 and `error_message` as field 2.
    private var protobuf: [UInt8] {
        let text = Array(message.utf8)
        let partial = [0x08] + Self.varint(count) + [0x12] + Self.varint(text.count) + text
        return [0x0A] + Self.varint(partial.count) + partial
    }

    private static func varint(_ value: Int) -> [UInt8] {
        var (rest, bytes) = (UInt64(clamping: value), [UInt8]())
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(truncatingIfNeeded: rest)]
    }
}

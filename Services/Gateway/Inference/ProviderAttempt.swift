internal import AdapterHost
internal import GatewayFormats
internal import HTTPServer
internal import PluginHost
internal import SafeText
internal import ServiceKit
internal import WireProtocol

/// One attempt at one endpoint.
struct ProviderAttempt {
    /// The maximum size of an error response's body, in bytes.
    private static let errorBodyLimit = 1 << 20

    enum Outcome {
        case response([UInt8], TokenUsage?)
        case stream(ProviderStream)
    }

    let request: InferenceRequest
    let target: Target
    let upstream: UpstreamClient
    let cancellation: CancellationHandle
    let meter: UsageMeter

    /// Sends the request and reads the response, or the beginning of its stream.
    func run() async throws(AttemptFailure) -> Outcome {
        let adapterCall: AdapterCall
        let providerRequest: ProviderRequest
        do {
            (adapterCall, providerRequest) = try encode()
        } catch let error as AdapterFailure {
            throw AttemptFailure(error, target)
        } catch {
            throw AttemptFailure(error: ServiceError(error), kind: .request)
        }
        let number = meter.beginAttempt(target)
        let traceparent = request.span?.traceparent(ofAttempt: number, isRecorded: meter.trace != nil)
        target.health.callStarted()
        do {
            let response = try await upstream.send(providerRequest, to: target, traceparent: traceparent, cancellation)
            return try await read(response, adapterCall.task, adapterCall)
        } catch let failure as AttemptFailure {
            target.health.callEnded()
            if failure.kind.isTargetFault { target.health.callFailed() }
            throw failure
        } catch let failure as UpstreamFailure {
            target.health.callEnded()
            let failure = AttemptFailure(failure, target)
            if failure.kind.isTargetFault { target.health.callFailed() }
            throw failure
        } catch is CancellationError {
            target.health.callEnded()
            throw AttemptFailure(.cancelled, target)
        } catch {
            // The provider has responded and would bill a second response too.
            target.health.callEnded()
            throw AttemptFailure(error: ServiceError(error).redacted(by: target.redaction), kind: .request, mayCost: true)
        }
    }

    /// Encodes the request for the provider.
    private func encode() throws -> (AdapterCall, ProviderRequest) {
        let input = try request.dialect.adapterInput(for: request, at: target)
        do {
            let adapterCall = try makeAdapterCall(input)
            return (adapterCall, try target.endpoint.encode(adapterCall))
        } catch let failure as AdapterFailure where failure.kind == .unsupported {
            // Only some of Bedrock's models support the Messages API; all of them support chat.
            guard let chat = try request.dialect.alternative(to: input.task, of: request, at: target) else { throw failure }
            let adapterCall = try makeAdapterCall(chat)
            return (adapterCall, try target.endpoint.encode(adapterCall))
        }
    }

    private func makeAdapterCall(_ input: APIDialect.AdapterInput) throws -> AdapterCall {
        if request.streams, !target.descriptor.streams.contains(input.task) {
            throw ServiceError.unsupported("The provider \(target.provider) does not support streaming for \(input.task.rawValue).")
        }
        return AdapterCall(
            task: input.task, streams: request.streams, time: request.time / 1000, identifier: request.requestID, body: body(input),
            headers: request.headers)
    }

    /// The body for the adapter, with a limit on completion tokens where one is needed.
    private func body(_ input: APIDialect.AdapterInput) -> [UInt8] {
        guard let limit = meter.reservation.completionLimit(for: target) else {
            return input.body ?? JSONValue.object(input.json).jsonBytes()
        }
        var json = input.json
        switch input.task {
        case .chat: json["max_completion_tokens"] = .integer(limit)
        case .responses: json["max_output_tokens"] = .integer(limit)
        default: json["max_tokens"] = .integer(limit)
        }
        return JSONValue.object(json).jsonBytes()
    }

    private func read(_ response: UpstreamResponse, _ task: AdapterTask, _ adapterCall: AdapterCall) async throws -> Outcome {
        guard (200...299).contains(response.status) else {
            let body = (try? await response.body(limit: Self.errorBodyLimit)) ?? []
            throw failure(ProviderResponse(status: response.status, headers: response.headers, body: body), response, adapterCall)
        }
        if request.streams {
            let head = ProviderResponse(status: response.status, headers: response.headers)
            let reader: AdapterStream
            do {
                reader = try target.endpoint.stream(of: adapterCall, head: head)
            } catch {
                response.cancel()
                throw AttemptFailure(error, target, mayCost: true)
            }
            let stream = ProviderStream(
                response: response, reader: reader, target: target, meter: meter, task: task, memory: request.memory)
            try await stream.start()
            return .stream(stream)
        }
        let body = try await response.body(limit: JSONLimits.responses.maximumBytes, memory: request.memory)
        guard body.count > largeBodyThreshold else { return try decode(body, response, task, adapterCall) }
        return try await offEventLoop {
            try reserve(forDecoding: body)
            return try decode(body, response, task, adapterCall)
        }
    }

    /// Reserves the memory for converting a response to the client's format, before any of it is allocated.
    private func reserve(forDecoding body: [UInt8]) throws {
        guard let memory = request.memory else { return }
        do {
            // The parsed values, the adapter's copy of the body, and the adapter's response.
            try memory.reserve(JSONFootprint(of: body, maximumNodes: JSONLimits.responses.maximumNodes).memory + 2 * body.count)
        } catch {
            throw UpstreamFailure(reserving: error)
        }
    }

    private func decode(_ body: [UInt8], _ response: UpstreamResponse, _ task: AdapterTask, _ adapterCall: AdapterCall) throws -> Outcome {
        var decoded: (body: [UInt8], usage: TokenUsage?)
        do {
            decoded = try target.endpoint.decode(
                ProviderResponse(status: response.status, headers: response.headers, body: body), of: adapterCall)
        } catch {
            // The provider bills the response even if it can't be decoded.
            if let usage = error.usage { meter.used(usage) } else { meter.receivedUnreadable(body.count) }
            throw AttemptFailure(error, target, mayCost: true)
        }
        decoded.body = ResponseRedactor.redacted(decoded.body, by: target.redaction)
        meter.received(decoded.body)
        if let usage = decoded.usage { meter.used(usage) }
        let bytes = try request.dialect.response(decoded.body, of: task, from: target)
        target.health.callEnded()
        target.health.callSucceeded()
        return .response(bytes, decoded.usage)
    }

    /// Converts an error response of the provider.
    private func failure(_ response: ProviderResponse, _ head: UpstreamResponse, _ adapterCall: AdapterCall) -> AttemptFailure {
        let retryAfter = RetryAfter.seconds(head)
        let wholeSeconds = retryAfter.map { Int($0.rounded(.up)) }
        let error: ServiceError =
            if [401, 403].contains(response.status) {
                .rejectedCredentials(provider: target.provider, retryAfter: wholeSeconds)
            } else {
                .provider(
                    try? target.endpoint.decodeError(response, of: adapterCall),
                    status: (400...599).contains(response.status) ? response.status : 502, retryAfter: wholeSeconds,
                    redaction: target.redaction)
            }
        let kind: AttemptFailure.Kind =
            switch response.status {
            case 408, 429, 500, 502, 503, 504, 520...529: .transient(retryAfter)
            case 401, 403, 404: .target
            case 400...499: .request
            default: .target
            }
        if response.status == 429 || response.status == 529, let retryAfter {
            target.health.coolDown(.milliseconds(Int64(retryAfter * 1000)))
        }
        return AttemptFailure(error: error, kind: kind)
    }
}

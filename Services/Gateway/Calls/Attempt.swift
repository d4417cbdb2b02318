internal import GatewayFormats
internal import JSON
internal import PluginHost
internal import SafeText
internal import ServiceKit

/// One try at one endpoint.
struct Attempt {
    /// What is read of an answer that is an error.
    private static let errorLimit = 1 << 20

    enum Outcome {
        case answer([UInt8], TokenUsage?)
        case stream(ProviderStream)
    }

    let call: GatewayCall
    let target: Target
    let upstream: UpstreamClient
    let handle: CallHandle
    let record: CallRecord

    /// - Throws: `AttemptFailure`.
    func run() async throws(AttemptFailure) -> Outcome {
        let adapterCall: AdapterCall
        let request: ProviderRequest
        do {
            (adapterCall, request) = try encode()
        } catch let error as AdapterFailure {
            throw AttemptFailure(error, target)
        } catch {
            throw AttemptFailure(error: GatewayError(error), kind: .request)
        }
        record.attempt(target)
        target.health.began()
        do {
            let answer = try await upstream.send(request, to: target, handle)
            return try await read(answer, adapterCall.task, adapterCall)
        } catch let failure as AttemptFailure {
            target.health.ended()
            if failure.kind.isTargets { target.health.failed() }
            throw failure
        } catch let failure as UpstreamFailure {
            target.health.ended()
            let failure = AttemptFailure(failure, target)
            if failure.kind.isTargets { target.health.failed() }
            throw failure
        } catch is CancellationError {
            target.health.ended()
            throw AttemptFailure(.cancelled, target)
        } catch {
            // The provider has answered, and would charge for a second answer as well.
            target.health.ended()
            throw AttemptFailure(error: GatewayError(error).redacted(by: target.redaction), kind: .request, mayCost: true)
        }
    }

    /// The request for the provider.
    private func encode() throws -> (AdapterCall, ProviderRequest) {
        let prepared = try call.shape.request(of: call, for: target)
        do {
            let call = try adapterCall(prepared)
            return (call, try target.endpoint.encode(call))
        } catch let failure as AdapterFailure where failure.kind == .unsupported {
            // Some of Bedrock's models have messages of their own, and all have chats.
            guard let chat = try call.shape.alternative(to: prepared.task, of: call, for: target) else { throw failure }
            let call = try adapterCall(chat)
            return (call, try target.endpoint.encode(call))
        }
    }

    private func adapterCall(_ prepared: CallShape.Prepared) throws -> AdapterCall {
        if call.streams, !target.facts.streams.contains(prepared.task) {
            throw GatewayError.unsupported("The provider \(target.provider) has no streams of \(prepared.task.rawValue).")
        }
        return AdapterCall(
            task: prepared.task, streams: call.streams, time: call.time / 1000, identifier: call.requestID, body: body(prepared),
            headers: call.headers)
    }

    /// The body for the adapter; with a limit for the answer where one is needed.
    private func body(_ prepared: CallShape.Prepared) -> [UInt8] {
        guard let limit = record.reservation.answerLimit(for: target) else {
            return prepared.body ?? JSONValue.object(prepared.request).jsonBytes()
        }
        var request = prepared.request
        switch prepared.task {
        case .chat: request["max_completion_tokens"] = .integer(limit)
        case .responses: request["max_output_tokens"] = .integer(limit)
        default: request["max_tokens"] = .integer(limit)
        }
        return JSONValue.object(request).jsonBytes()
    }

    private func read(_ answer: UpstreamAnswer, _ task: AdapterTask, _ adapterCall: AdapterCall) async throws -> Outcome {
        guard (200...299).contains(answer.status) else {
            let body = (try? await answer.body(limit: Self.errorLimit)) ?? []
            throw refusal(ProviderAnswer(status: answer.status, headers: answer.headers, body: body), answer, adapterCall)
        }
        if call.streams {
            let head = ProviderAnswer(status: answer.status, headers: answer.headers)
            let reader: AdapterStream
            do {
                reader = try target.endpoint.stream(of: adapterCall, head: head)
            } catch {
                answer.cancel()
                throw AttemptFailure(error, target, mayCost: true)
            }
            let stream = ProviderStream(answer: answer, reader: reader, target: target, record: record, task: task, memory: call.memory)
            try await stream.start()
            return .stream(stream)
        }
        let body = try await answer.body(limit: JSONLimits.answers.maximumBytes, memory: call.memory)
        guard body.count > largeBody else { return try decode(body, answer, task, adapterCall) }
        return try await offEventLoop {
            try reserve(forDecoding: body)
            return try decode(body, answer, task, adapterCall)
        }
    }

    /// Reserves what an answer takes while it is turned into the client's form, before anything of it is built.
    private func reserve(forDecoding body: [UInt8]) throws {
        guard let memory = call.memory else { return }
        do {
            // Its values, the adapter's copy of it, and the adapter's answer.
            try memory.reserve(JSONFootprint(of: body, maximumNodes: JSONLimits.answers.maximumNodes).memory + 2 * body.count)
        } catch {
            throw UpstreamFailure(reserving: error)
        }
    }

    private func decode(_ body: [UInt8], _ answer: UpstreamAnswer, _ task: AdapterTask, _ adapterCall: AdapterCall) throws -> Outcome {
        var decoded: (body: [UInt8], usage: TokenUsage?)
        do {
            decoded = try target.endpoint.decode(
                ProviderAnswer(status: answer.status, headers: answer.headers, body: body), of: adapterCall)
        } catch {
            // It is billed, whatever becomes of it.
            if let usage = error.usage { record.used(usage) } else { record.receivedUnreadable(body.count) }
            throw AttemptFailure(error, target, mayCost: true)
        }
        decoded.body = PassedErrors.redacted(decoded.body, by: target.redaction)
        record.received(decoded.body)
        if let usage = decoded.usage { record.used(usage) }
        let bytes = try call.shape.answer(decoded.body, of: task, from: target)
        target.health.ended()
        target.health.succeeded()
        return .answer(bytes, decoded.usage)
    }

    /// The provider's error.
    private func refusal(_ answer: ProviderAnswer, _ head: UpstreamAnswer, _ adapterCall: AdapterCall) -> AttemptFailure {
        let told = try? target.endpoint.decodeError(answer, of: adapterCall)
        let retryAfter = RetryAfter.seconds(head)
        var error = GatewayError(
            told, status: (400...599).contains(answer.status) ? answer.status : 502, retryAfter: retryAfter.map { Int64($0.rounded(.up)) },
            redaction: target.redaction)
        let kind: AttemptFailure.Kind
        switch answer.status {
        case 401, 403:
            // The gateway's key is wrong, not the client's: that would look for the mistake in the wrong place.
            error.status = 502
            error.type = "api_error"
            error.code = "upstream_authentication"
            // Not in the provider's words, which may have the key in them.
            error.message = "\(target.provider) refuses the gateway's credentials"
            kind = .target
        case 408, 429, 500, 502, 503, 504, 520...529: kind = .passing(retryAfter)
        case 404: kind = .target
        case 400...499: kind = .request
        default: kind = .target
        }
        if answer.status == 429 || answer.status == 529, let retryAfter { target.health.rest(.milliseconds(Int64(retryAfter * 1000))) }
        return AttemptFailure(error: error, kind: kind)
    }
}

/// How a try failed, and what helps.
struct AttemptFailure: Error {
    enum Kind {
        /// No other try helps: the request is at fault, and the next endpoint would say the same; or the provider has answered, and the
        /// gateway can't give on what would have to be paid again.
        case request
        /// This endpoint can't do it; another one may.
        case unsupported
        /// This endpoint doesn't work; another one may.
        case target
        /// It may work when it's tried again, after as many seconds as the provider says.
        case passing(Double?)
        /// The client has gone.
        case cancelled

        /// Whether it says something about the endpoint's health.
        var isTargets: Bool {
            switch self {
            case .target, .passing: true
            case .request, .unsupported, .cancelled: false
            }
        }
    }

    var error: GatewayError
    var kind: Kind
    /// Whether the provider may have done, and may charge for, what nobody has got.
    var mayCost = false

    init(error: GatewayError, kind: Kind, mayCost: Bool = false) {
        self.error = error
        self.kind = kind
        self.mayCost = mayCost
    }

    /// - Parameter mayCost: whether the provider has answered, which it charges for in any case.
    init(_ failure: AdapterFailure, _ target: Target, mayCost: Bool = false) {
        // It may be in a provider's words, and an error cuts what is long.
        let message = target.redaction.redacted(error: failure.message)
        switch failure.kind {
        case .invalid: self.init(error: .invalid(ErrorMessage(message)), kind: .request)
        case .unsupported: self.init(error: .unsupported("\(target.provider): \(message)"), kind: .unsupported)
        case .misconfigured:
            self.init(
                error: GatewayError(status: 502, type: "api_error", message: ErrorMessage(message), code: "misconfigured", cause: failure),
                kind: .target)
        case .malformed, .failed:
            self.init(
                error: GatewayError(
                    status: 502, type: "api_error", message: "\(target.provider): the provider's answer can't be read: \(message)",
                    code: "upstream_error", cause: failure), kind: .target, mayCost: true)
        }
        self.mayCost = self.mayCost || mayCost
        error = error.redacted(by: target.redaction)
    }

    init(_ failure: UpstreamFailure, _ target: Target) {
        let kind: Kind =
            switch failure {
            case .cancelled: .cancelled
            case .tooLarge, .outOfMemory: .request
            // After a time-out the provider may still be working on it, and what has begun to answer has done the work: to ask it
            // again would make it worse, and dearer.
            case .silent, .totalTimeout, .closed(hasBegun: true), .invalid: .target
            case .cannotConnect, .connectTimeout, .closed(hasBegun: false): .passing(nil)
            }
        let mayCost =
            switch failure {
            case .cannotConnect, .connectTimeout: false
            // The request was sent: whether the provider worked on it before it closed the connection, nobody knows.
            case .silent, .totalTimeout, .closed, .invalid, .tooLarge, .outOfMemory, .cancelled: true
            }
        let error = GatewayError.upstream(failure, provider: target.provider).redacted(by: target.redaction)
        self.init(error: error, kind: kind, mayCost: mayCost)
    }
}

/// How long a provider wants to be left alone.
enum RetryAfter {
    /// In seconds; a date isn't understood, as no provider sends one.
    static func seconds(_ answer: UpstreamAnswer) -> Double? {
        let milliseconds = answer.header("retry-after-ms").flatMap(Double.init).map { $0 / 1000 }
        guard let seconds = milliseconds ?? answer.header("retry-after").flatMap(Double.init), seconds >= 0 else { return nil }
        return min(seconds, 86400)
    }
}

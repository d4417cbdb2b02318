import AdapterHost
import Foundation
import GatewayFormats
import JSON
import SafeText
import Synchronization
import WireProtocol

@testable import Gateway

extension FuzzTarget {
    static let gateway = [
        FuzzTarget(name: "gateway-yaml") { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            _ = try? ConfigurationReader(catalog: catalog).read(text, ProblemList(file: "f"))
        },
        FuzzTarget(name: "gateway-page-token") { bytes in
            require(PageToken.index(of: String(decoding: bytes, as: UTF8.self)) ?? 0 >= 0, "an index isn't negative")
        },
        FuzzTarget(name: "openai-request") { bytes in
            var input = FuzzInput(bytes)
            let task = OpenAITask.allCases[input.choice(OpenAITask.allCases.count)]
            guard let request = object(input.bytes) else { return }
            let bound = TokenBound(request)
            require(bound.prompt >= 0 && bound.completion(maximum: 10) >= 0, "a bound isn't negative")
            for api in [RequestPricing.API.openAI, .responses, .messages, .translatedMessages] {
                require(RequestPricing(request, api: api, provider: "vllm").surcharges.count <= 21, "there are few surcharges")
            }
            do throws(OpenAIRequestError) {
                try OpenAIRequestValidator.validate(request, for: task)
            } catch {
                require(ErrorFormat.openAI.body(of: error.serviceError).jsonBytes().count < 10_000, "an error is short")
                require(ErrorFormat.fastAPI.body(of: error.serviceError).jsonBytes().count < 1_000_000, "an error is short")
            }
        },
        FuzzTarget(name: "mlflow25-request") { bytes in
            var input = FuzzInput(bytes)
            let type = MLflow25RouteType.allCases[input.choice(MLflow25RouteType.allCases.count)]
            let provider = ["openai", "anthropic", "cohere", "other"][input.choice(4)]
            guard let body = try? JSONValue(parsing: input.bytes, limits: JSONLimits(maximumNodes: 10_000)) else { return }
            guard let request = try? MLflow25Request(body, for: type) else { return }
            _ = request.bound
            _ = try? request.openAI(for: provider, completionsAsChat: true, maximumOutputTokens: 100)
            _ = try? request.openAI(for: provider, completionsAsChat: false)
        },
        FuzzTarget(name: "mlflow25-response") { bytes in
            var input = FuzzInput(bytes)
            let type = MLflow25RouteType.allCases[input.choice(MLflow25RouteType.allCases.count)]
            if let response = object(input.bytes) { _ = try? MLflow25Response.mlflow25(response, for: type, model: "m") }
        },
        FuzzTarget(name: "messages-request") { bytes in
            if let request = object(bytes) { _ = try? MessagesRequest.openAI(request) }
        },
        FuzzTarget(name: "messages-response") { bytes in
            if let response = object(bytes) { _ = try? MessagesResponse.anthropic(response) }
        },
        FuzzTarget(name: "messages-stream") { bytes in
            var stream = MessagesStream(model: "m")
            for line in bytes.split(separator: UInt8(ascii: "\n")) { _ = stream.translate(line) }
            _ = stream.finish()
        },
        FuzzTarget(name: "provider-error") { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            require(!redaction.redacted(error: text).contains(secret), "a configured secret is removed")
            let response = ResponseRedactor.redacted(bytes, by: redaction)
            require(response == bytes || (try? JSONValue(parsing: response)) != nil, "a redacted response is JSON")
        },
        FuzzTarget(name: "transcript") { bytes in
            _ = ResponseAssembler(bytes.split(separator: UInt8(ascii: "\n")).map(Array.init), isStream: true).response
        },
    ]

    private static let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCY=EXAMPLE"

    private static let redaction: Redaction = {
        var redaction = Redaction.standard
        redaction.add(secrets: [secret])
        return redaction
    }()

    private static func object(_ bytes: [UInt8]) -> JSONObject? {
        (try? JSONValue(parsing: bytes, limits: JSONLimits(maximumNodes: 10_000)))?.objectValue
    }

    /// The adapters in the build directory of this program.
    private static let catalog = AdapterCatalog(
        directories: [URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path])
}

import GatewayFormats
import JSON
import Testing

@Suite struct OpenAPITests {
    private static let endpoints: [(name: String, task: String, isMLflow25: Bool)] = [
        ("talk", "llm/v1/chat", false), ("text", "llm/v1/completions", false),
        ("vectors", "llm/v1/embeddings", false), ("old-talk", "llm/v1/chat", true), ("old-text", "llm/v1/completions", true),
        ("old-vectors", "llm/v1/embeddings", true),
    ]
    private let document = openAPI(endpoints: endpoints, version: "1.2.3")

    @Test func `The document has the OpenAPI version, the gateway's version and the security schemes`() {
        #expect(document["openapi"] == "3.1.0")
        #expect(document["info"]?["version"] == "1.2.3")
        #expect(document["components"]?["securitySchemes"]?.objectValue?.members.map(\.name) == ["bearer", "xAPIKey", "apiKey"])
    }

    @Test(arguments: [
        ("/api/2.0/gateway/routes/", "get"), ("/api/2.0/gateway/routes/{name}", "get"), ("/api/2.0/endpoints/", "get"),
        ("/api/2.0/endpoints/{name}", "get"), ("/api/3.0/gateway/endpoint/{name}", "get"), ("/api/3.0/gateway/route/{name}", "get"),
        ("/endpoints/{name}/invocations", "post"), ("/v1/chat/completions", "post"), ("/v1/completions", "post"),
        ("/v1/embeddings", "post"), ("/v1/responses", "post"), ("/v1/messages", "post"), ("/v1/models", "get"),
        ("/v1/models/{name}", "get"), ("/openapi.json", "get"), ("/docs", "get"), ("/health", "get"), ("/livez", "get"),
        ("/readyz", "get"), ("/version", "get"), ("/metrics", "get"), ("/api/unladen/1.0/adapters", "get"),
        ("/api/unladen/1.0/keys", "get"), ("/api/unladen/1.0/keys", "post"), ("/api/unladen/1.0/keys/{id}", "delete"),
        ("/api/unladen/1.0/usage", "get"), ("/api/unladen/1.0/limits", "get"),
    ])
    func `Every path of the gateway is documented, whatever is configured`(path: String, method: String) {
        for document in [document, openAPI(endpoints: [], version: "1")] {
            let operation = document["paths"]?[path]?[method]
            #expect(operation?["summary"]?.stringValue?.isEmpty == false)
            // Path parameters are described.
            let parameters = operation?["parameters"]?.arrayValue?.filter { $0["in"] == "path" }.count ?? 0
            #expect(parameters == path.count { $0 == "{" })
        }
    }

    @Test(arguments: [
        ("talk", "ChatInvocation", true), ("text", "CompletionInvocation", true), ("vectors", "EmbeddingsInvocation", false),
        ("old-talk", "MLflow25ChatRequest", false), ("old-text", "MLflow25CompletionsRequest", false),
        ("old-vectors", "MLflow25EmbeddingsRequest", false),
    ])
    func `Every endpoint has its path and schema, and streaming where supported`(name: String, schema: String, streams: Bool) {
        let operation = document["paths"]?["/gateway/\(name)/invocations"]?["post"]
        let content = operation?["requestBody"]?["content"]?["application/json"]
        #expect(content?["schema"]?["$ref"] == .string("#/components/schemas/\(schema)"))
        #expect((operation?["responses"]?["200"]?["content"]?["text/event-stream"] != nil) == streams)
    }

    @Test func `The examples name configured endpoints, and the gateway accepts them`() throws {
        for (path, operation) in operations(document) {
            for value in examples(operation) {
                let request = try #require(value.objectValue)
                let model = request["model"]?.stringValue
                if path.hasPrefix("/v1/") { #expect(Self.endpoints.contains { $0.name == model }) }
                switch path {
                case "/v1/messages": _ = try MessagesRequest.openAI(request)
                case "/v1/chat/completions", "/gateway/talk/invocations": try OpenAIRequestValidator.validate(request, for: .chat)
                case "/v1/completions", "/gateway/text/invocations": try OpenAIRequestValidator.validate(request, for: .completions)
                case "/v1/embeddings", "/gateway/vectors/invocations": try OpenAIRequestValidator.validate(request, for: .embeddings)
                case "/v1/responses": try OpenAIRequestValidator.validate(request, for: .responses)
                case "/gateway/old-talk/invocations": _ = try MLflow25Request(value, for: .chat)
                case "/gateway/old-text/invocations": _ = try MLflow25Request(value, for: .completions)
                case "/gateway/old-vectors/invocations": _ = try MLflow25Request(value, for: .embeddings)
                default: break
                }
            }
        }
    }

    @Test func `Every reference resolves, and operation IDs are unique`() {
        for reference in references(document) {
            let steps = reference.dropFirst(2).split(separator: "/").map(String.init)
            #expect(steps.reduce(document as JSONValue?) { $0?[$1] } != nil, "\(reference)")
        }
        let names = operations(document).compactMap { $0.operation["operationId"]?.stringValue }
        #expect(names.count == Set(names).count)
        #expect(names.count == operations(document).count)
    }

    @Test func `Names are percent-encoded in paths`() {
        let document = openAPI(endpoints: [("größe {x}/y", "llm/v1/chat", false)], version: "1")
        #expect(document["paths"]?["/gateway/gr%C3%B6%C3%9Fe%20%7Bx%7D%2Fy/invocations"] != nil)
    }

    @Test func `Every one of hundreds of endpoints has a path, and twenty of them have an example in a request`() {
        let many = (0..<300).map { (name: "e\($0)", task: "llm/v1/chat", isMLflow25: false) }
        let document = openAPI(endpoints: many, version: "1")
        #expect(document["paths"]?.objectValue?.members.count { $0.name.hasPrefix("/gateway/e") } == 300)
        #expect(examples(document["paths"]?["/v1/chat/completions"]?["post"] ?? .null).count == 21)
    }

    private func operations(_ document: JSONValue) -> [(path: String, operation: JSONValue)] {
        (document["paths"]?.objectValue?.members ?? []).flatMap { path in
            (path.value.objectValue?.members ?? []).map { (path.name, $0.value) }
        }
    }

    private func examples(_ operation: JSONValue) -> [JSONValue] {
        let content = operation["requestBody"]?["content"]?["application/json"]
        return (content?["examples"]?.objectValue?.members ?? []).compactMap { $0.value["value"] }
    }

    private func references(_ value: JSONValue) -> [String] {
        switch value {
        case .object(let object):
            object.members.flatMap { member in
                member.name == "$ref" ? [member.value.stringValue].compactMap { $0 } : references(member.value)
            }
        case .array(let values): values.flatMap(references)
        default: []
        }
    }
}

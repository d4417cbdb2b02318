internal import JSON

/// Parses a request in Gemini's format. As in all of Google's APIs, member names may be in camel case or snake case.
enum GeminiContents {
    private static let known: Set<String> = [
        "model", "contents", "tools", "toolConfig", "safetySettings", "systemInstruction", "generationConfig", "cachedContent",
        "serviceTier",
    ]
    private static let configuration: Set<String> = [
        "stopSequences", "responseMimeType", "responseSchema", "responseJsonSchema", "_responseJsonSchema", "responseModalities",
        "candidateCount", "maxOutputTokens", "temperature", "topP", "topK", "seed", "presencePenalty", "frequencyPenalty",
        "responseLogprobs", "logprobs", "thinkingConfig", "speechConfig", "mediaResolution",
    ]

    static func prompt(_ request: Fields, model: String) throws(Failure) -> Prompt {
        let fields = request.camelCased
        try fields.only(known)
        var prompt = Prompt(model: model)
        prompt.ask(for: try fields.string("serviceTier"))
        if let system = try fields.fields("systemInstruction")?.camelCased { prompt.append(try parts(system, &prompt)) }
        for (index, value) in try fields.elements("contents").enumerated() {
            let content = try Fields(value, at: "contents[\(index)]").camelCased
            try content.only(["role", "parts"])
            let text = try parts(content, &prompt)
            switch try content.string("role") ?? "user" {
            // A message with function results only isn't a user message.
            case "user", "function": if !text.isEmpty { prompt.appendUser(text) }
            case "model": prompt.append(text)
            default: throw Failure(400, "Please use a valid role: user, model.")
            }
        }
        try readTools(fields, into: &prompt)
        if let config = try fields.fields("generationConfig")?.camelCased { try read(config, into: &prompt) }
        return prompt
    }

    /// The text of the parts. Also records function results.
    private static func parts(_ content: Fields, _ prompt: inout Prompt) throws(Failure) -> String {
        var texts: [String] = []
        for (index, value) in try content.elements("parts").enumerated() {
            let part = try Fields(value, at: "\(content.location)parts[\(index)]").camelCased
            try part.only([
                "text", "inlineData", "fileData", "functionCall", "functionResponse", "thought", "thoughtSignature",
                "executableCode",
                "codeExecutionResult", "videoMetadata",
            ])
            if let text = try part.string("text") { texts.append(text) }
            if let data = try part.fields("inlineData")?.camelCased {
                _ = try data.requiredString("mimeType")
                _ = try data.requiredString("data")
            }
            if let data = try part.fields("fileData")?.camelCased { _ = try data.requiredString("fileUri") }
            if let call = try part.fields("functionCall") { _ = try call.requiredString("name") }
            if let response = try part.fields("functionResponse") {
                _ = try response.requiredString("name")
                let object = try response.requiredFields("response").object
                prompt.appendToolResult(object["result"]?.stringValue ?? JSONValue.object(object).jsonString)
            }
        }
        return texts.joined(separator: " ")
    }

    private static func read(_ config: Fields, into prompt: inout Prompt) throws(Failure) {
        try config.only(configuration)
        prompt.limit = try config.integer("maxOutputTokens")
        prompt.choices = try config.integer("candidateCount", 1...8) ?? 1
        prompt.stops = try config.strings("stopSequences") ?? []
        guard prompt.stops.count <= 5 else { throw config.invalid("stopSequences", "at most 5 are allowed") }
        try config.number("temperature", 0...2)
        try config.number("topP", 0...1)
        let schema = try config.first("responseJsonSchema", "_responseJsonSchema", "responseSchema", read: config.fields)
        switch try config.string("responseMimeType") ?? "text/plain" {
        case "application/json": prompt.form = schema.map { .schema(.object($0.object)) } ?? .json
        case "text/plain", "text/x.enum":
            guard schema == nil else { throw config.invalid("responseMimeType", "a schema needs application/json") }
        case let type: throw config.invalid("responseMimeType", "'\(type)'")
        }
    }

    private static func readTools(_ fields: Fields, into prompt: inout Prompt) throws(Failure) {
        for (index, value) in (try fields.array("tools") ?? []).enumerated() {
            let tool = try Fields(value, at: "tools[\(index)]").camelCased
            for (position, value) in (try tool.array("functionDeclarations") ?? []).enumerated() {
                let function = try Fields(value, at: "tools[\(index)].functionDeclarations[\(position)]").camelCased
                try function.only([
                    "name", "description", "parameters", "parametersJsonSchema", "response", "responseJsonSchema", "behavior",
                ])
                let schema = try function.first("parametersJsonSchema", "parameters", read: function.fields)
                prompt.tools.append(.init(name: try function.requiredString("name"), schema: .object(schema?.object ?? [:])))
            }
        }
        guard let config = try fields.fields("toolConfig")?.camelCased.fields("functionCallingConfig")?.camelCased else { return }
        switch try config.string("mode") ?? "AUTO" {
        case "AUTO": break
        case "NONE": prompt.toolChoice = .none
        case "ANY", "VALIDATED": prompt.toolChoice = try config.strings("allowedFunctionNames")?.first.map { .named($0) } ?? .any
        case let mode: throw config.invalid("mode", "'\(mode)'")
        }
    }
}

/// Embeddings. Gemini doesn't report their tokens, but they are counted here.
enum GeminiEmbeddings {
    static func one(_ fields: Fields, _ model: String) throws(Failure) -> Response {
        let (text, vector) = try embed(fields.camelCased)
        return response([text], model, ["embedding": vector])
    }

    static func many(_ fields: Fields, _ model: String) throws(Failure) -> Response {
        try fields.only(["model", "requests"])
        var texts: [String] = []
        var vectors: [JSONValue] = []
        for (index, value) in try fields.elements("requests").enumerated() {
            let request = try Fields(value, at: "requests[\(index)]").camelCased
            guard try request.requiredString("model") == "models/\(model)" else {
                throw request.invalid("model", "all requests must be for the model of the path")
            }
            let (text, vector) = try embed(request)
            texts.append(text)
            vectors.append(vector)
        }
        return response(texts, model, ["embeddings": .array(vectors)])
    }

    private static func embed(_ fields: Fields) throws(Failure) -> (text: String, vector: JSONValue) {
        try fields.only(["model", "content", "taskType", "title", "outputDimensionality"])
        let content = try fields.requiredFields("content")
        var texts: [String] = []
        for (index, part) in try content.elements("parts").enumerated() {
            texts.append(try Fields(part, at: "\(content.location)parts[\(index)]").camelCased.requiredString("text"))
        }
        let text = texts.joined(separator: " ")
        let dimensions = try fields.integer("outputDimensionality", 1...3072) ?? Vectors.dimensions
        return (text, ["values": Vectors.json(Vectors.vector(of: text, dimensions: dimensions))])
    }

    private static func response(_ texts: [String], _ model: String, _ body: JSONValue) -> Response {
        let tokens = Tokens(prompt: texts.reduce(0) { $0 + Words.count($1) })
        return Response(model: model, text: texts.last ?? "", tokens: tokens, body: .whole(body.jsonBytes()))
    }
}

extension Fields {
    /// The object with its member names in camel case. Doesn't change nested objects.
    fileprivate var camelCased: Fields {
        let members = object.members.map { member in
            let words = member.name.split(separator: "_", omittingEmptySubsequences: false)
            let name = words.dropFirst().reduce(String(words[0])) { $0 + $1.prefix(1).uppercased() + $1.dropFirst() }
            return JSONObject.Member(name: member.name.hasPrefix("_") ? member.name : name, value: member.value)
        }
        return Fields(JSONObject(members), at: location, status: status)
    }
}

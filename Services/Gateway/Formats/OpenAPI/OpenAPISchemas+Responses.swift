internal import JSON

extension OpenAPISchemas {
    static let responses: Named = [
        "ResponsesRequest": JSONSchema.object(
            [
                "model": model, "input": JSONSchema.anyOf(JSONSchema.string(), JSONSchema.array(of: JSONSchema.anyObject())),
                "instructions": JSONSchema.string(), "max_output_tokens": JSONSchema.integer(from: 1),
                "temperature": JSONSchema.number(from: 0, to: 2), "stream": JSONSchema.boolean(),
                "tools": JSONSchema.array(of: JSONSchema.anyObject()),
            ], required: ["model"]),
        "Response": JSONSchema.object([
            "id": JSONSchema.string(), "object": JSONSchema.constant("response"), "status": JSONSchema.string(),
            "model": JSONSchema.string(),
            "output": JSONSchema.array(of: JSONSchema.anyObject()), "usage": JSONSchema.anyObject(),
        ]),
        "ResponsesEvent": JSONSchema.object(
            ["type": JSONSchema.string("`response.output_text.delta` and others.")], required: ["type"]),
    ]
}

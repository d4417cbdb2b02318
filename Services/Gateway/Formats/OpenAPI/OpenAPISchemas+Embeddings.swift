internal import JSON

extension OpenAPISchemas {
    static let embeddings: Named = [
        "EmbeddingsRequest": object(["model": model], embeddingsMembers, required: ["model", "input"]),
        "EmbeddingsInvocation": object(embeddingsMembers, required: ["input"]),
        "EmbeddingsResponse": JSONSchema.object([
            "object": JSONSchema.constant("list"), "model": JSONSchema.string(), "usage": usage,
            "data": JSONSchema.array(
                of: JSONSchema.object([
                    "object": JSONSchema.constant("embedding"), "index": JSONSchema.integer(),
                    "embedding": JSONSchema.anyOf(JSONSchema.array(of: JSONSchema.number()), JSONSchema.string("Base64.")),
                ])),
        ]),
    ]

    private static var embeddingsMembers: Named {
        [
            "input": JSONSchema.anyOf(
                JSONSchema.string(), JSONSchema.array(of: JSONSchema.string()), JSONSchema.array(of: JSONSchema.integer("A token.")),
                JSONSchema.array(of: JSONSchema.array(of: JSONSchema.integer()))),
            "encoding_format": JSONSchema.enumeration("float", "base64"), "dimensions": JSONSchema.integer(from: 1),
        ]
    }
}

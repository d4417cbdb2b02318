import GatewayFormats
import JSON
import Testing

@Suite struct TokenBoundTests {
    private static let image = "data:image/png;base64," + String(repeating: "A", count: 200_000)

    @Test(
        arguments: [
            (["messages": [["role": "user", "content": "hello"]]], 16 + 5),
            (["messages": [["role": "user", "content": "größe"], ["role": "assistant", "content": .null]]], 2 * 16 + 7),
            (["messages": [["role": "user", "content": [["type": "text", "text": "abc"], ["type": "text", "text": "d"]]]]], 16 + 4),
            (["prompt": "hello"], 5), (["prompt": ["ab", "c"]], 3), (["prompt": [1, 2, 3]], 3), (["input": [[1, 2], [3]]], 3),
            (["input": [["role": "user", "content": "abc"]], "instructions": "xy"], 16 + 3 + 2),
            (["system": [["type": "text", "text": "abc"]], "messages": [["role": "user", "content": "de"]]], 16 + 3 + 16 + 2),
            (["tools": [["a": 1], ["b": 2]]], 1000 + 2 * (16 + 7)), (["tools": []], 0), (["response_format": ["a": 1]], 1000 + 16 + 7),
            (["tools": [["type": "function"], ["type": "bash_1"]]], 1000 + (16 + 19) + (16 + 17 + 2000)),
            (
                ["messages": [["role": "assistant", "tool_calls": [["id": "i", "function": ["name": "fn", "arguments": "{}"]]]]]],
                16 + 16 + 1 + 2 + 2
            ),
            (["messages": [["role": "assistant", "content": [["type": "tool_use", "id": "i", "input": ["q": "abc"]]]]]], 16 + 1 + 11),
            (["model": "m", "user": "somebody", "temperature": 0.5], 0), ([:], 0), (["messages": 3, "tools": "x"], 1000 + 3 + 16),
            (["prompt": "hello", "documents": ["abc"], "chat_template": "x"], 5 + 16 + 5 + 16 + 3),
        ] as [(JSONObject, Int64)])
    func `Every byte of text counts as a token, and messages and tools have an overhead`(request: JSONObject, expected: Int64) {
        #expect(TokenBound(request).prompt == expected)
    }

    @Test(
        arguments: [
            ["type": "image_url", "image_url": ["url": .string(image), "detail": "high"]],
            ["type": "input_image", "image_url": .string(image)],
            ["type": "image", "source": ["type": "base64", "media_type": "image/png", "data": .string(image)]],
        ] as [JSONValue])
    func `An image counts as 50,000 tokens, whatever its size`(part: JSONValue) {
        #expect(TokenBound(["messages": [["role": "user", "content": [part]]]]).prompt - 16 - 50_000 <= 9)
        // The same in a tool result.
        let result: JSONValue = ["type": "tool_result", "content": [part, part]]
        #expect((100_016...100_040).contains(TokenBound(["messages": [["role": "user", "content": [result]]]]).prompt))
    }

    @Test func `Text that only looks like an image counts as text`() {
        let text = JSONValue.string(Self.image)
        let length = Int64(Self.image.utf8.count)
        #expect(TokenBound(["messages": [["role": "user", "content": text]]]).prompt == 16 + length)
        let part: JSONValue = ["type": "image_url", "image_url": ["url": "https://e.org/a.png"], "caption": text]
        #expect(TokenBound(["messages": [["role": "user", "content": [part]]]]).prompt > 50_000 + length)
    }

    @Test(
        arguments: [
            ([:], nil, 4096), (["max_tokens": 10], 10, 10), (["max_completion_tokens": 20, "max_tokens": 10], 20, 20),
            (["max_output_tokens": 7], 7, 7), (["max_tokens": 10, "n": 3], 30, 30), (["n": 3], nil, 3 * 4096),
            (["max_tokens": 10_000], 10_000, 4096), (["max_tokens": 10, "best_of": 4, "n": 2], 40, 40),
            (["max_tokens": 10, "prompt": ["a", "b"], "n": 2], 40, 40), (["max_tokens": 10, "prompt": [1, 2, 3]], 10, 10),
            (["max_tokens": 10, "prompt": [[1], [2]]], 20, 20), (["max_tokens": .integer(.max), "n": 2], .max, 8192),
            (["max_tokens": "10", "n": "x"], nil, 4096), (["max_tokens": -1, "n": -5], nil, 4096), (["max_tokens": 10.0], 10, 10),
            (["max_tokens": .number(.nan), "n": .number(.infinity)], nil, 4096),
        ] as [(JSONObject, Int64?, Int64)])
    func `The longest completion counts for each choice`(request: JSONObject, expected: Int64?, withMaximum: Int64) {
        let bound = TokenBound(request)
        #expect(bound.completion == expected)
        #expect(bound.completion(maximum: 4096) == withMaximum)
    }
}

import AdapterHost
import Foundation
import GatewayFormats
import JSON
import SafeText
import ServiceKit
import Testing
import TestSupport

@testable import Gateway

/// What a request's trace contains, and what it must not contain.
@Suite struct TraceTests {
    private func json(_ text: String) throws -> JSONValue { try JSONValue(parsing: Array(text.utf8)) }

    private static func redaction(patterns: [String] = [], maxTextBytes: Int = 1000) throws -> Redaction {
        Redaction(
            keys: Redaction.defaultKeys.union(["ssn"]), patterns: try patterns.map { try NSRegularExpression(pattern: $0) },
            maxTextBytes: maxTextBytes)
    }

    // MARK: Redaction

    @Test(arguments: [
        "sk-proj-abcdefghijklmnopqrstuvwxyz012345", "sk-ant-api03-AbCdEfGhIjKlMnOp", "sk-unladen-AbCdEfGhIjKlMnOpQrStUvWx",
        "gsk_abcdefghijklmnopqrstuvwxyz012345", "hf_abcdefghijklmnopqrstuvwxyz", "AKIAIOSFODNN7EXAMPLE",
        "AIzaSyA-1234567890abcdefghijklmnopqrstu", "ghp_abcdefghijklmnopqrstuvwxyz", "xoxb-1234567890-abcdef",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abc-_123", "Bearer abcdefghijklmnop0123",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----\nMIIEow",
    ])
    func `API keys in common formats are redacted`(key: String) throws {
        let text = try Self.redaction().redacted("use \(key)")
        #expect(text == "use [REDACTED]")
    }

    @Test(arguments: ["a sketch of skis", "risk-averse people", "the bearer of news", "eyJ is how tokens begin", "2026-11-27", "sk-1"])
    func `Plain text is unchanged`(text: String) throws {
        #expect(try Self.redaction().redacted(text) == text)
    }

    @Test func `The values of secret members are redacted, and patterns apply everywhere`() throws {
        let redaction = try Self.redaction(patterns: [#"\b\d{3}-\d{2}-\d{4}\b"#])
        let found = redaction.redacted(
            try json(#"{"messages":[{"content":"I am 123-45-6789","Password":{"a":[1]}}],"ssn":5,"n":1,"x-987-65-4321":null}"#))
        #expect(
            found
                == (try json(
                    #"{"messages":[{"content":"I am [REDACTED]","Password":"[REDACTED]"}],"ssn":"[REDACTED]","n":1,"x-[REDACTED]":null}"#)))
    }

    @Test func `A long string is cut, and a key at the cut leaves no trace`() throws {
        let text = String(repeating: "a", count: 95) + " sk-abcdefghijklmnopqrstuvwxyz" + String(repeating: "b", count: 500)
        let found = try Self.redaction(maxTextBytes: 110).redacted(text)
        #expect(!found.contains("sk-a"))
        #expect(found.hasSuffix("… (\(text.utf8.count) bytes)"))
        #expect(try Self.redaction(maxTextBytes: 110).redacted("😀😀") == "😀😀")
        // The cut may fall within a character.
        #expect(try Self.redaction(maxTextBytes: 16).redacted(String(repeating: "😀", count: 9)).hasPrefix("😀😀😀😀"))
    }

    // MARK: Assembled responses

    @Test func `A chat stream is assembled into its response`() throws {
        let events = [
            #"{"id":"c","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"He"}}]}"#,
            #"{"id":"c","choices":[{"index":0,"delta":{"content":"llo"}},"#
                + #"{"index":1,"delta":{"tool_calls":[{"index":0,"id":"t","function":{"name":"f","arguments":"{\"a\""}}]}}]}"#,
            #"{"id":"c","choices":[{"index":1,"delta":{"tool_calls":[{"index":0,"function":{"arguments":":1}"}}]},"#
                + #""finish_reason":"tool_calls"}]}"#,
            #"{"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#,
            #"{"id":"c","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}"#,
        ]
        let response = try #require(ResponseAssembler(events.map { Array($0.utf8) }, isStream: true).response)
        let choices = try #require(response["choices"]?.arrayValue)
        #expect(choices.count == 2)
        #expect(choices[0]["message"]?["content"]?.stringValue == "Hello")
        #expect(choices[0]["finish_reason"]?.stringValue == "stop")
        #expect(choices[1]["message"]?["content"] == .null)
        let tool = try #require(choices[1]["message"]?["tool_calls"]?.arrayValue?.first)
        #expect(tool["id"]?.stringValue == "t")
        #expect(tool["function"]?["arguments"]?.stringValue == #"{"a":1}"#)
        #expect(response["usage"]?["completion_tokens"]?.integerValue == 2)
    }

    @Test func `A stream of Anthropic's events is assembled into its message`() throws {
        let events = [
            #"{"type":"message_start","message":{"id":"m","role":"assistant","content":[],"usage":{"input_tokens":3}}}"#,
            #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#,
            #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi "}}"#,
            #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"you"}}"#,
            #"{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"t","name":"f","input":{}}}"#,
            #"{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"a\":"}}"#,
            #"{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"1}"}}"#,
            #"{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":5}}"#, #"{"type":"message_stop"}"#,
        ]
        let response = try #require(ResponseAssembler(events.map { Array($0.utf8) }, isStream: true).response)
        let blocks = try #require(response["content"]?.arrayValue)
        #expect(blocks.first?["text"]?.stringValue == "Hi you")
        #expect(blocks.last?["input"] == (try json(#"{"a":1}"#)))
        #expect(response["stop_reason"]?.stringValue == "tool_use")
        #expect(response["usage"] == (try json(#"{"input_tokens":3,"output_tokens":5}"#)))
    }

    @Test func `A Responses stream yields its final response, and damaged parts are skipped`() throws {
        let events = [#"{"type":"response.created"}"#, "{", #"{"type":"response.completed","response":{"id":"r"}}"#]
        #expect(ResponseAssembler(events.map { Array($0.utf8) }, isStream: true).response == (try json(#"{"id":"r"}"#)))
        #expect(ResponseAssembler([], isStream: true).response == nil)
        #expect(ResponseAssembler([Array("no JSON".utf8)], isStream: false).response == nil)
    }
}

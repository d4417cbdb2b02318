import JSON
import SafeText
import Testing

@Suite struct RedactionTests {
    private func redacted(_ text: String) -> String { Redaction.standard.redacted(text) }

    @Test(arguments: [
        (#"Authorization: Bearer fake-key"#, "Authorization: [REDACTED]"),
        (#"authorization: Basic dXNlcjpwYXNz, accept: */*"#, "authorization: [REDACTED], accept: */*"),
        (#"{'Authorization': 'Bearer abc', 'Accept': '*/*'} was sent"#, #"{'Authorization': '[REDACTED]', 'Accept': '*/*'} was sent"#),
        (#"got {"x-api-key": "ab\"cd", "n": 1}"#, #"got {"x-api-key": "[REDACTED]", "n": 1}"#),
        (#"said "{\"api_key\": \"abc\", \"n\": 1}""#, #"said "{\"api_key\": \"[REDACTED]\", \"n\": 1}""#),
        (#"[(b'authorization', b'Bearer abc'), (b'host', b'x')]"#, #"[(b'authorization', b'[REDACTED]'), (b'host', b'x')]"#),
        (#"[('x-api-key', 'abc'), ('password', 'email')]"#, #"[('x-api-key', '[REDACTED]'), ('password', 'email')]"#),
        (#"say "{\"a\": \"{\\\"api_key\\\": \\\"ab\\\\\\\"c\\\"}\"}" twice"#, #"say "{\"a\": \"{\\\"api_key\\\": \\\"[REDACTED]\\\"}\"}" twice"#),
        (#"{"password": "a\\"} {"n": "b"}"#, #"{"password": "[REDACTED]"} {"n": "b"}"#), (#"{"password": "cut"#, #"{"password": "[REDACTED]"#),
        (#"{"password": ""} and {"n": 1}"#, #"{"password": ""} and {"n": 1}"#), ("password=,api_key=", "password=,api_key="),
        ("x-api-key: abcdefgh", "x-api-key: [REDACTED]"), ("secret_token=abcd", "secret_token=[REDACTED]"),
        ("OPENAI_API_KEY=abcd1", "OPENAI_API_KEY=[REDACTED]"), ("password: hunter2", "password: [REDACTED]"),
        ("GET https://x.example/v1?key=abc&alt=sse", "GET https://x.example/v1?key=[REDACTED]&alt=sse"),
        ("postgresql://user:p%40ss@db:5432/x?sslmode=require", "postgresql://[REDACTED]@db:5432/x?sslmode=require"),
        ("see https://u:p@host/a and http://host:80/b@c", "see https://[REDACTED]@host/a and http://host:80/b@c"),
        (
            #"Authorization: AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/bedrock/aws4_request, SignedHeaders=host, Signature=ab"#,
            "Authorization: [REDACTED]"
        ),
    ])
    func `Secrets are told by the names that they stand under, and by their place in a URL`(text: String, expected: String) {
        #expect(redacted(text) == expected)
        #expect(redacted(expected) == expected, "once is enough")
    }

    @Test(arguments: [
        "endpoints[0].model.config.openai_api_key: expected a text, found nothing", "the password: a word of yours", "max_tokens: 4096",
        "The secret of tea: hot water", "http://127.0.0.1:5000/api/2.0/mlflow?x=a@b", #"{"stop_token": "abc", "key": "loss"}"#,
        "mail me: user@example.com", "key=loss", "authorization", "the token is wrong",
    ])
    func `Sentences about secrets stay as they are`(text: String) {
        #expect(redacted(text) == text)
    }

    @Test(arguments: ["api_key", "apiKey", "x-api-key", "X-Goog-Api-Key", "OPENAI_API_KEY", "db.password", "secret_token", "awsSecretAccessKey"])
    func `A member is secret however its name is spelt`(name: String) {
        let value: JSONValue = ["a": [[name: "abc"]], "n": 1]
        #expect(Redaction.standard.redacted(value) == ["a": [[name: "[REDACTED]"]], "n": 1])
    }

    @Test(arguments: ["key", "token", "max_tokens", "stop_token", "secretary", "passwords_allowed"])
    func `A name that only looks like it is none`(name: String) {
        #expect(Redaction.standard.redacted([name: "abc"]) == [name: "abc"])
    }

    @Test func `A text that holds JSON is searched by names, at any depth`() throws {
        let arguments: JSONValue = ["api_key": "abc", "inner": .string(#"{"password": "def", "n": 1}"#), "n": [1, 2]]
        let found = Redaction.standard.redacted(["arguments": .string(arguments.jsonText)])
        let inner = try JSONValue(parsing: Array((found["arguments"]?.stringValue ?? "").utf8))
        #expect(inner["api_key"] == "[REDACTED]")
        #expect(inner["n"] == [1, 2])
        #expect(inner["inner"]?.stringValue == #"{"password":"[REDACTED]","n":1}"#)
        #expect(Redaction.standard.redacted(#"{ "n" : 1.50 }"#) == #"{ "n" : 1.50 }"#, "without a secret, not a byte changes")
    }

    @Test func `A known secret goes wherever it stands, in a URL and in JSON too`() {
        var redaction = Redaction.standard
        redaction.add(secrets: ["fake/key\"1", "fake/key", "none"])
        #expect(redaction.redacted("wrong key fake/key, not fake/key\"1") == "wrong key [REDACTED], not [REDACTED]")
        #expect(redaction.redacted("GET /x?k=fake%2Fkey") == "GET /x?k=[REDACTED]")
        #expect(redaction.redacted(#"got {"k": "fake\/key", "l": "fake/key\"1"}"#).contains("key\\\"1") == false)
        #expect(redaction.redacted("none of them") == "none of them", "short words are no secrets")
    }

    @Test func `A megabyte under a secret's name goes as a whole`() {
        let text = #"x {"api_key": ""# + String(repeating: #"a\""#, count: 300_000) + #"", "n": 1}"#
        #expect(redacted(text) == #"x {"api_key": "[REDACTED]", "n": 1}"#)
    }

    @Test(arguments: [
        ("postgresql://user:p@ss/w@host:5432/db", "postgresql://[REDACTED]@host:5432/db"), ("user:pw@host/db", "user[REDACTED]@host/db"),
        ("postgresql:user:pw@host", "postgresql[REDACTED]@host"), ("sqlite:///x.db", "sqlite:///x.db"),
        ("postgresql://host/db?password=abcdef&x=1", "postgresql://host/db?password=[REDACTED]&x=1"), ("s3://k:s@bucket/x", "s3://[REDACTED]@bucket/x"),
    ])
    func `A URI is shown without its password, even where it isn't written as it should be`(uri: String, shown: String) {
        #expect(uri.withoutCredentials == shown)
    }
}

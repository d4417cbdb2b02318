import Foundation
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
        (
            #"say "{\"a\": \"{\\\"api_key\\\": \\\"ab\\\\\\\"c\\\"}\"}" twice"#,
            #"say "{\"a\": \"{\\\"api_key\\\": \\\"[REDACTED]\\\"}\"}" twice"#
        ),
        (#"{"password": "a\\"} {"n": "b"}"#, #"{"password": "[REDACTED]"} {"n": "b"}"#),
        (#"{"password": "cut"#, #"{"password": "[REDACTED]"#),
        (#"{"password": ""} and {"n": 1}"#, #"{"password": ""} and {"n": 1}"#), ("password=,api_key=", "password=,api_key="),
        ("x-api-key: abcdefgh", "x-api-key: [REDACTED]"), ("secret_token=abcd", "secret_token=[REDACTED]"),
        ("OPENAI_API_KEY=abcd1", "OPENAI_API_KEY=[REDACTED]"), ("password: hunter2", "password: [REDACTED]"),
        ("GET https://x.example/v1?key=abc&alt=sse", "GET https://x.example/v1?key=[REDACTED]&alt=sse"),
        ("postgresql://user:p%40ss@db:5432/x?sslmode=require", "postgresql://[REDACTED]@db:5432/x?sslmode=require"),
        ("see https://u:p@host/a and http://host:80/b@c", "see https://[REDACTED]@host/a and http://host:80/b@c"),
        (#"sent {'x-api-key': ['abcdef', 'ghi'], 'n': ['a']}"#, #"sent {'x-api-key': ['[REDACTED]'], 'n': ['a']}"#),
        ("map[Accept:[*/*] X-Api-Key:[Abcdef1]]", "map[Accept:[*/*] X-Api-Key:[[REDACTED]]]"),
        (
            #"got {"name":"x-api-key","value":"abc"}, {"name":"n","value":"abc"}"#,
            #"got {"name":"x-api-key","value":"[REDACTED]"}, {"name":"n","value":"abc"}"#
        ),
        (#"[{'name': 'authorization', 'value': 'Bearer abc'}] was sent"#, #"[{'name': 'authorization', 'value': '[REDACTED]'}] was sent"#),
        (#"<header name="x-api-key" value="abc"/>"#, #"<header name="x-api-key" value="[REDACTED]"/>"#),
        (#"headers={'x-api-key': SecretStr('abc')}"#, #"headers={'x-api-key': SecretStr('[REDACTED]')}"#),
        ("> authorization => Abcdef", "> authorization => [REDACTED]"), (#"{:api_key=>"abc"}"#, #"{:api_key=>"[REDACTED]"}"#),
        ("<password>abc</password><n>d</n>", "<password>[REDACTED]</password><n>d</n>"),
        ("<a:ApiKey b='c'>abc</a:ApiKey>", "<a:ApiKey b='c'>[REDACTED]</a:ApiKey>"),
        ("Cookie: a=b; session=abc\nAccept: */*", "Cookie: [REDACTED]\nAccept: */*"),
        ("curl -u user:abc https://h/x", "curl -u user:[REDACTED] https://h/x"),
        ("curl --user 'user:abc' h", "curl --user 'user:[REDACTED]' h"),
        ("password: abcdefgh", "password: [REDACTED]"), ("password: abcdefgh\nn: 1", "password: [REDACTED]\nn: 1"),
        (#"see https:\/\/user:abc@h\/x"#, #"see https:\/\/[REDACTED]@h\/x"#),
        (#"https:\u002f\u002fuser:abc@h"#, #"https:\u002f\u002f[REDACTED]@h"#),
        ("see https%3A%2F%2Fuser%3Aabc%40h", "see https%3A%2F%2F[REDACTED]%40h"), ("https://user:a/b@h/x", "https://[REDACTED]@h/x"),
        ("https://user:a@b@h/x", "https://[REDACTED]@h/x"), ("redis://:abc@h:1/0", "redis://[REDACTED]@h:1/0"),
        ("connect user:abc@h:5432 failed", "connect user:[REDACTED]@h:5432 failed"),
        ("git clone https://Abcdef123@github.com/x", "git clone https://[REDACTED]@github.com/x"),
        (
            #"Authorization: AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/bedrock/aws4_request, SignedHeaders=host, Signature=ab"#,
            "Authorization: [REDACTED]"
        ),
    ])
    func `Secrets are recognized by their names and by their position in a URL`(text: String, expected: String) {
        #expect(redacted(text) == expected)
        #expect(redacted(expected) == expected, "once is enough")
    }

    @Test(arguments: [
        "endpoints[0].model.config.openai_api_key: expected a text, found nothing", "the password: a word of yours", "max_tokens: 4096",
        "The secret of tea: hot water", "http://127.0.0.1:5000/api/2.0/mlflow?x=a@b", #"{"stop_token": "abc", "key": "loss"}"#,
        "mail me: user@example.com", "key=loss", "authorization", "the token is wrong",
        "password: required", "api_key: missing.", "password: please give another", "docker run -u 1000:1000 x",
        "ssh://git@github.com/x", "https://git@github.com/x", "http://[::1]:80/a@b", "https://medium.com/@user", "100% & more \\",
        #"{"name":"n","value":"abc"}"#, "a -> b => c", "<b>password</b>", "values: [1, 2]", "mailto:user@example.com",
    ])
    func `Sentences about secrets are unchanged`(text: String) {
        #expect(redacted(text) == text)
    }

    @Test(arguments: [
        "api_key", "apiKey", "x-api-key", "X-Goog-Api-Key", "OPENAI_API_KEY", "db.password", "secret_token", "awsSecretAccessKey",
    ])
    func `A member is secret in any spelling of its name`(name: String) {
        let value: JSONValue = ["a": [[name: "abc"]], "n": 1]
        #expect(Redaction.standard.redacted(value) == ["a": [[name: "[REDACTED]"]], "n": 1])
    }

    @Test(arguments: ["key", "token", "max_tokens", "stop_token", "secretary", "passwords_allowed"])
    func `A similar name isn't secret`(name: String) {
        #expect(Redaction.standard.redacted([name: "abc"]) == [name: "abc"])
    }

    @Test func `JSON in a string is searched by name, at any depth`() throws {
        let arguments: JSONValue = ["api_key": "abc", "inner": .string(#"{"password": "def", "n": 1}"#), "n": [1, 2]]
        let found = Redaction.standard.redacted(["arguments": .string(arguments.jsonString)])
        let inner = try JSONValue(parsing: Array((found["arguments"]?.stringValue ?? "").utf8))
        #expect(inner["api_key"] == "[REDACTED]")
        #expect(inner["n"] == [1, 2])
        #expect(inner["inner"]?.stringValue == #"{"password":"[REDACTED]","n":1}"#)
        #expect(Redaction.standard.redacted(#"{ "n" : 1.50 }"#) == #"{ "n" : 1.50 }"#, "without a secret, not a byte changes")
    }

    @Test func `The value of a name-value pair in JSON is redacted, in a list or an object`() {
        let value: JSONValue = [
            ["headers": [["authorization", "abc"], ["accept", "abc"]]], ["name": "X-Api-Key", "value": "abc"], ["key": "n", "value": "a"],
        ]
        #expect(
            Redaction.standard.redacted(value) == [
                ["headers": [["authorization", "[REDACTED]"], ["accept", "abc"]]], ["name": "X-Api-Key", "value": "[REDACTED]"],
                ["key": "n", "value": "a"],
            ])
    }

    @Test func `A known secret is removed anywhere`() {
        var redaction = Redaction.standard
        redaction.add(secrets: ["fake/key\"1", "fake/key", "none"])
        #expect(redaction.redacted("wrong key fake/key, not fake/key\"1") == "wrong key [REDACTED], not [REDACTED]")
        #expect(redaction.redacted("GET /x?k=fake%2Fkey") == "GET /x?k=[REDACTED]")
        #expect(redaction.redacted(#"got {"k": "fake\/key", "l": "fake/key\"1"}"#).contains("key\\\"1") == false)
        #expect(redaction.redacted("none of them") == "none of them", "short words are no secrets")
    }

    @Test(arguments: [
        "wJalrXUtnFEMI/K7MDENG+bPxRfi",
        "ab/cd+ef==gh\"ij\\kl-mn", "größe/漢字😀", "a%41b%2Fc+d", #"a\u0041\/bcdefg"#, "a&amp;b&#x2F;c", "two words & more",
    ])
    func `A known secret is removed in any encoding`(secret: String) {
        var redaction = Redaction.standard
        redaction.add(secrets: [secret, "another"])
        let hexadecimal = secret.unicodeScalars.map { scalar in
            scalar.value < 0x10000 ? "\\u" + Self.digits(scalar.value, 4) : "\\u{" + Self.digits(scalar.value, 1) + "}"
        }
        func percent(_ isEncoded: (UInt8) -> Bool, _ prefix: String = "%") -> String {
            secret.utf8.map { isEncoded($0) ? prefix + Self.digits(UInt32($0), 2) : String(Unicode.Scalar($0)) }.joined()
        }
        let isOdd: (UInt8) -> Bool = { $0 > 0x7F || !Character(Unicode.Scalar($0)).isLetter && !Character(Unicode.Scalar($0)).isNumber }
        let json = String(JSONValue.string(secret).jsonString.dropFirst().dropLast())
        let entities = secret.unicodeScalars.map { "&#\($0.value);" }.joined()
        let named = secret.replacing("&", with: "&amp;").replacing("\"", with: "&quot;").replacing("+", with: "&plus;")
            .replacing("/", with: "&sol;")
        var forms = [
            secret, percent { _ in true }, percent(isOdd), percent { isOdd($0) && !"/-_.~".utf8.contains($0) },
            json, json.replacing("/", with: "\\/"), hexadecimal.joined(), entities, named,
            String(JSONValue.string(json).jsonString.dropFirst().dropLast()), percent { _ in true }.replacing("%", with: "%25"),
        ]
        if !secret.utf8.contains(where: { $0 > 0x7F }) { forms.append(percent(isOdd, "\\x")) }
        for form in forms { #expect(redaction.redacted("no <\(form)> here, \(form).") == "no <[REDACTED]> here, [REDACTED].", "\(form)") }
        #expect(redaction.redacted("no \(secret.dropLast()) here") == "no \(secret.dropLast()) here")
    }

    private static func digits(_ number: UInt32, _ count: Int) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: max(0, count - digits.utf8.count)) + (number % 2 == 0 ? digits : digits.uppercased())
    }

    @Test func `A known secret is removed when encoded alone or with the surrounding text`() {
        var redaction = Redaction.standard
        let secret = "Zq7WmX4tRb9KfLp2VhNc8JsYd3GaUe6~?>"
        redaction.add(secrets: [secret])
        for before in ["", "u:", "user:", "abc"] {
            for after in ["", "!", "!!"] {
                let encoded = Data("\(before)\(secret)\(after)".utf8).base64EncodedString()
                let found = redaction.redacted("wrong credentials \(encoded).")
                #expect(found.contains("[REDACTED]") && found.utf8.count < 45, "\(found)")
            }
        }
        let hexadecimal = secret.utf8.map { String($0, radix: 16) }.joined()
        #expect(redaction.redacted("wrong key 0x\(hexadecimal), \(hexadecimal.uppercased())") == "wrong key 0x[REDACTED], [REDACTED]")
    }

    @Test func `Nothing remains of a known secret that a limit truncates`() {
        var redaction = Redaction.standard
        let secret = "Zq7WmX4tRb9KfLp2/hNc8JsYd3GaUe6T"
        redaction.add(secrets: [secret])
        redaction.maxTextBytes = 1000
        for form in [secret, secret.replacing("/", with: "%2F"), secret.replacing("/", with: "\\u002f")] {
            for place in (990 - form.utf8.count)...1002 {
                let text = String(repeating: "-", count: place) + form + String(repeating: "-", count: 10_000)
                #expect(!redaction.redacted(text).contains("Zq"), "\(place)")
            }
            for place in stride(from: 5096 - form.utf8.count, through: 5096, by: 1) {
                // Removing secrets shortens the text, so that the end of the examined text becomes visible.
                let before = (String(repeating: "\(secret) ", count: 200) + String(repeating: "-", count: 5096)).prefix(place)
                let text = before + form + String(repeating: "-", count: 10_000)
                #expect(!redaction.redacted(String(text)).contains("Zq"), "\(place)")
            }
            for count in 8..<form.utf8.count {
                #expect(!redaction.redacted("cut by somebody else: \(form.prefix(count))").contains("Zq"), "\(count)")
            }
        }
    }

    @Test func `A known secret is removed anywhere in megabytes of text`() {
        var redaction = Redaction.standard
        redaction.maxTextBytes = 1 << 20
        redaction.add(secrets: ["Zq7WmX4tRb/"])
        for place in stride(from: 65_480, through: 65_560, by: 3) {
            let text = String(repeating: "a\\/b", count: 100_000)
            let whole = Array(text.utf8.prefix(place)) + Array(#"Zq7WmX4tRb\/"#.utf8) + Array(text.utf8.dropFirst(place))
            let found = String(decoding: redaction.withoutKnownSecrets(whole), as: UTF8.self)
            #expect(!found.contains("Zq7"), "\(place)")
            #expect(found.utf8.count == whole.count - 2 || found.utf8.count == whole.count - 3)
        }
    }

    @Test func `A megabyte under a secret name is removed completely`() {
        let text = #"x {"api_key": ""# + String(repeating: #"a\""#, count: 300_000) + #"", "n": 1}"#
        #expect(redacted(text) == #"x {"api_key": "[REDACTED]", "n": 1}"#)
    }

    @Test(arguments: [
        ("postgresql://user:p@ss/w@host:5432/db", "postgresql://[REDACTED]@host:5432/db"), ("user:pw@host/db", "user[REDACTED]@host/db"),
        ("postgresql:user:pw@host", "postgresql[REDACTED]@host"), ("sqlite:///x.db", "sqlite:///x.db"),
        ("postgresql://host/db?password=abcdef&x=1", "postgresql://host/db?password=[REDACTED]&x=1"),
        ("s3://k:s@bucket/x", "s3://[REDACTED]@bucket/x"),
    ])
    func `A URI is shown without its password, even if it is malformed`(uri: String, shown: String) {
        #expect(uri.withoutCredentials == shown)
    }
}

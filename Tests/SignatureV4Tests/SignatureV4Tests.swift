import Testing

@testable import SignatureV4

@Suite struct SignatureV4Tests {
    /// A test case of AWS's test suite: awslabs/aws-c-auth, tests/aws-signing-test-suite/v4.
    struct Vector: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var method = "GET"
        var path = "/"
        var query: [(name: String, value: String)] = []
        var headers: [(name: String, value: String)] = []
        var token: String?
        let signature: String
        /// The signature of the presigned request.
        let presigned: String
    }

    private static let every = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

    static let vectors = [
        Vector(
            testDescription: "get-vanilla",
            signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
            presigned: "e93c787ed7f371d5c6b165c1b38ede9550f4dce4144713e844b25b7192d3865d"),
        Vector(
            testDescription: "get-vanilla-with-session-token",
            token: "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267",
            signature: "07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8",
            presigned: "7ff2b50b376cb4d151970630573d6291dc128cc5c2a12ffb237f73cc53f67b6c"),
        Vector(
            testDescription: "get-header-key-duplicate",
            headers: [("My-Header1", "value2"), ("My-Header1", "value2"), ("My-Header1", "value1")],
            signature: "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea",
            presigned: "3349ee0b81b4b589da0ff28a395c3591e04de515651dd74f298fa992d1507a97"),
        Vector(
            testDescription: "get-header-value-order",
            headers: [
                ("My-Header1", "value4"), ("My-Header1", "value1"), ("My-Header1", "value3"), ("My-Header1", "value2"),
            ],
            signature: "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01",
            presigned: "313720e71ca6202fdcfa9b20f88de01a4eb0638a83c833b1c184359a4eda864e"),
        Vector(
            testDescription: "get-header-value-trim",
            headers: [("My-Header1", " value1"), ("My-Header2", " \"a   b   c\"")],
            signature: "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
            presigned: "e7bb0fd515e125e1aec2ecc4c0c17484fb06f6846b927c35e46005dd3df3acd4"),
        Vector(
            testDescription: "get-utf8", path: "/ሴ",
            signature: "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85",
            presigned: "10eae3f14a260bd3911cc6d008d3c576d143b05b62f09782a7a4b37f52178e44"),
        Vector(
            testDescription: "get-space-unnormalized", path: "/example space/",
            signature: "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741",
            presigned: "7a1f416954786484c9824d93c1f26ef64acb9b1b6c9154d08c9f07d0e394abf6"),
        Vector(
            testDescription: "get-unreserved", path: "/" + every,
            signature: "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f",
            presigned: "95968482db1b9e0fadef6efc1bd24689f77c77d9ef56919c96a28cc92e0d6005"),
        Vector(
            testDescription: "get-vanilla-query-order-key-case", query: [("Param2", "value2"), ("Param1", "value1")],
            signature: "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
            presigned: "86012e2c9ad4d77369f5d81c11f75158aae4f895a085212cc6d3f923d300bed5"),
        Vector(
            testDescription: "get-vanilla-query-order-encoded",
            query: [("Param-3", "Value3"), ("Param", "Value2"), ("ሴ", "Value1")],
            signature: "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac",
            presigned: "c5f1848ceec943ac2ca68ee720460c23aaae30a2300586597ada94c4a65e4787"),
        Vector(
            testDescription: "get-vanilla-query-unreserved", query: [(every, every)],
            signature: "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197",
            presigned: "8e76a88a7433637b12778d5592799b29ad21ecd6cf6325051c21d86f0acda2bf"),
        Vector(
            testDescription: "post-header-value-case", method: "POST", headers: [("My-Header1", "VALUE1")],
            signature: "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d",
            presigned: "0698bc9e4f7f9139065ba2909c0e99da257e8e2a42492a097bcd46d792391fed"),
        Vector(
            testDescription: "post-vanilla-query", method: "POST", query: [("Param1", "value1")],
            signature: "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11",
            presigned: "a9ef26247f293bffe40eeff86a0480ba8c14d31503b2e0c3399e3a16bf1a3682"),
    ]

    /// 2015-08-30T12:36:00Z
    private static let time: Int64 = 1_440_938_160
    private static let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

    @Test(arguments: vectors)
    func `Signatures match AWS's test suite`(vector: Vector) throws {
        let signer = SignatureV4(
            credentials: AWSCredentials(
                accessKeyID: "AKIDEXAMPLE", secretAccessKey: Self.secret, sessionToken: vector.token),
            region: "us-east-1", service: "service", pathStyle: .doubleEncoded)
        let request = SignatureV4.Request(
            method: vector.method, path: vector.path, query: vector.query,
            headers: [("Host", "example.amazonaws.com")] + vector.headers)
        let headers = signer.headers(signing: request, payloadHash: SignatureV4.hash([]), at: Self.time)
        #expect(headers.first?.value == "20150830T123600Z")
        let authorization = try #require(headers.last?.value)
        #expect(
            authorization.hasPrefix("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, ")
        )
        #expect(authorization.hasSuffix(", Signature=" + vector.signature))

        let query = signer.presignedQuery(for: request, lifetime: 3600, at: Self.time)
        #expect(query.hasSuffix("&X-Amz-Signature=" + vector.presigned))
    }

    /// The examples in S3's API reference, "Signature Calculations for the Authorization Header".
    @Test(
        arguments: [
            (
                "GET", "/test.txt", [], [("Range", "bytes=0-9")], "",
                "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
            ),
            (
                "PUT", "/test%24file.text", [],
                [("Date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")],
                "Welcome to Amazon S3.", "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"
            ),
            (
                "GET", "/", [("lifecycle", "")], [], "",
                "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"
            ),
            (
                "GET", "/", [("max-keys", "2"), ("prefix", "J")], [], "",
                "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"
            ),
        ] as [(String, String, [(name: String, value: String)], [(name: String, value: String)], String, String)])
    func `Signatures match S3's documentation`(
        method: String, path: String, query: [(name: String, value: String)],
        headers: [(name: String, value: String)], payload: String, signature: String
    ) throws {
        let hash = SignatureV4.hash(payload.utf8)
        let request = SignatureV4.Request(
            method: method, path: path, query: query,
            headers: [("Host", Self.s3Host), ("x-amz-content-sha256", hash)] + headers)
        let signed = Self.s3Signer.headers(signing: request, payloadHash: hash, at: Self.s3Time)
        #expect(signed.last?.value.hasSuffix("Signature=" + signature) == true)
    }

    /// "Authenticating Requests: Using Query Parameters" in S3's API reference.
    @Test func `A presigned URL matches S3's documentation`() {
        let request = SignatureV4.Request(method: "GET", path: "/test.txt", headers: [("Host", Self.s3Host)])
        let query = Self.s3Signer.presignedQuery(for: request, lifetime: 86400, at: Self.s3Time)
        #expect(
            query == "X-Amz-Algorithm=AWS4-HMAC-SHA256"
                + "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
                + "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
                + "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404")
    }

    private static let s3Host = "examplebucket.s3.amazonaws.com"
    private static let s3Time: Int64 = 1_369_353_600
    private static let s3Signer = SignatureV4(
        credentials: AWSCredentials(
            accessKeyID: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        region: "us-east-1", service: "s3", pathStyle: .singleEncoded)

    /// The expected value was computed by botocore 1.44.
    @Test func `An encoded path is encoded again for services other than S3`() {
        let host = "bedrock-runtime.us-east-1.amazonaws.com"
        let request = SignatureV4.Request(
            method: "POST", path: "/model/anthropic.claude-v2%3A1/invoke",
            headers: [("Host", host), ("Content-Type", "application/json")])
        let signer = SignatureV4(
            credentials: AWSCredentials(
                accessKeyID: "AKIDEXAMPLE", secretAccessKey: Self.secret, sessionToken: "token"),
            region: "us-east-1", service: "bedrock", pathStyle: .doubleEncoded)
        let signed = signer.headers(
            signing: request, payloadHash: SignatureV4.hash(#"{"a":1}"#.utf8), at: Self.time)
        #expect(
            signed.last?.value.hasSuffix("af2fb4e90fee1b647f5120248051c879c546964bd4a4a3dca1e5b197be4c33ce") == true)
    }

    @Test func `Printed credentials contain no secrets`() {
        let credentials = AWSCredentials(accessKeyID: "id", secretAccessKey: "hidden", sessionToken: "hidden")
        var dumped = ""
        dump(credentials, to: &dumped)
        for text in ["\(credentials)", String(reflecting: credentials), dumped] {
            #expect(text.contains("id"))
            #expect(!text.contains("hidden"))
        }
    }
}

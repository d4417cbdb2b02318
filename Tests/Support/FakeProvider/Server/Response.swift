internal import NIOHTTP1

/// An error response, which each provider renders in its own format.
struct Failure: Error {
    var status: Int
    var message: String
    var param: String?
    var code: String?
    var headers: [(name: String, value: String)] = []

    init(_ status: Int, _ message: String, param: String? = nil, code: String? = nil) {
        self.status = status
        self.message = message
        self.param = param
        self.code = code
    }
}

/// A provider's response to a valid request.
struct Response {
    /// The model's name in the request.
    var model: String
    /// The last user message, which may contain directives.
    var text: String
    var tokens: Tokens
    var body: Body
    var directives: Directives
    var headers: [(name: String, value: String)] = []

    enum Body {
        case whole([UInt8], contentType: String = "application/json")
        case stream([StreamChunk], contentType: String)
    }

    /// - Parameter directives: the directives of the model's name and the text, if they have been parsed already.
    init(model: String, text: String, tokens: Tokens, body: Body, directives: Directives? = nil) {
        self.model = model
        self.text = text
        self.tokens = tokens
        self.body = body
        self.directives = directives ?? Directives(model: model, text: text)
    }
}

/// An event of a stream.
struct StreamChunk {
    var bytes: [UInt8]
    /// The number of completion tokens in it.
    var tokens = 0
    /// Whether it contains the usage. Once it is sent, the whole usage counts.
    var settles = false
}

/// A provider's API.
protocol ProviderFormat {
    /// Validates a request like the provider, and responds to it.
    ///
    /// - Parameter path: the path after the provider's prefix.
    func response(_ request: Request, path: Substring) throws(Failure) -> Response

    /// An error response in the provider's format.
    func errorResponse(_ failure: Failure) -> ErrorResponse

    /// An error in the middle of a stream; `nil` if the provider has no format for it.
    func streamError(_ failure: Failure) -> [UInt8]?
}

struct ErrorResponse {
    var body: [UInt8]
    var headers: [(name: String, value: String)] = []
}

/// The accepted credentials.
struct Credentials {
    static let defaultKey = "fake-key"
    static let accessKey = "AKIDEXAMPLE"

    /// The API key of every provider, and the secret access key of `accessKey` for signatures.
    var key: String

    func isBearer(_ request: Request) -> Bool {
        guard let header = request.header("authorization"), header.hasPrefix("Bearer ") else { return false }
        return header.dropFirst(7) == key
    }
}

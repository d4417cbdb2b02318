internal import NIOHTTP1

/// Why a provider refuses a request; each has its own form for it.
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

/// What a provider answers a request that is right.
struct Response {
    /// As the request named it.
    var model: String
    /// The last text of the user, in which faults are asked for.
    var text: String
    var tokens: Tokens
    var body: Body
    var directives: Directives
    var headers: [(name: String, value: String)] = []

    enum Body {
        case whole([UInt8], contentType: String = "application/json")
        case stream([StreamChunk], contentType: String)
    }

    /// - Parameter directives: what the model's name and the text ask for, if that was read already.
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
    /// How many tokens of the completion come with it.
    var tokens = 0
    /// Whether it tells the usage: once it is sent, all of it is counted.
    var settles = false
}

/// A provider's API.
protocol ProviderFormat {
    /// Checks a request as the provider would, and responds to it.
    ///
    /// - Parameter path: what stands behind the provider's prefix.
    func response(_ request: Request, path: Substring) throws(Failure) -> Response

    /// A errorResponse in the provider's form.
    func errorResponse(_ failure: Failure) -> ErrorResponse

    /// An error in the middle of a stream; `nil` where the provider has no form for that.
    func streamError(_ failure: Failure) -> [UInt8]?
}

struct ErrorResponse {
    var body: [UInt8]
    var headers: [(name: String, value: String)] = []
}

/// The keys that let one in.
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

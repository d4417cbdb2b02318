/// What the formats of some APIs add to an error, where it doesn't follow from the error's code and status.
package struct ErrorDetails: Sendable, Equatable {
    /// OpenAI's `type`, such as `rate_limit_error`; follows from the status if `nil`.
    package let openAIType: String?
    /// OpenAI's `code`, such as `model_not_found`; follows from the error's code if `nil`.
    package let openAICode: String?
    /// FastAPI's `detail`, where it is more than the message.
    package let fastAPIDetail: JSONValue?

    /// Truncates texts that are too long for an error.
    package init(openAIType: String? = nil, openAICode: String? = nil, fastAPIDetail: JSONValue? = nil) {
        self.openAIType = openAIType?.excerpt()
        self.openAICode = openAICode?.excerpt()
        self.fastAPIDetail = fastAPIDetail
    }
}

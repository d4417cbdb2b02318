package import SearchFilter
package import WireProtocol

extension FilterError: ServiceErrorConvertible {
    package var serviceError: ServiceError { .invalidParameter(ErrorMessage(message)) }
}

/// The status and beginning of a response that isn't JSON or describes no error.
package struct UnexpectedResponse: Error {
    package var status: Int
    package var excerpt: String
}

package import JSON
package import Primitives

extension IntegerQuantity {
    /// Writes the number without its unit.
    package func write(to json: inout JSONWriter) { json.integer(rawValue) }
}

extension UnixMilliseconds: JSONWritable {}
extension UnixNanoseconds: JSONWritable {}
extension NanoDollars: JSONWritable {}
extension Microseconds: JSONWritable {}

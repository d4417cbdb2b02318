package import JSON
package import Primitives

extension IntegerQuantity {
    /// Writes the number without its unit.
    package func write(to json: inout JSONWriter) { json.integer(rawValue) }
}

extension JSONWriter {
    /// Writes a member, or nothing when the time is not set. Long responses have many times, and the generic method is slower.
    package mutating func field(_ name: StaticString, _ time: UnixMilliseconds?) { field(name, time?.rawValue) }
}

extension UnixMilliseconds: JSONWritable {}
extension UnixNanoseconds: JSONWritable {}
extension NanoDollars: JSONWritable {}
extension Microseconds: JSONWritable {}
extension Milliseconds: JSONWritable {}

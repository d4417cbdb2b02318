/// An enumeration that is sent by name or, by protobuf clients, by number.
package protocol WireEnumeration: RawRepresentable<String>, Sendable {
    init?(number: Int64)
}

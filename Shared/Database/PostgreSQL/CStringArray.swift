/// A null-terminated array of C strings. The memory lives as long as the value.
final class CStringArray {
    private let storage: [UnsafeMutablePointer<CChar>]
    let pointers: [UnsafePointer<CChar>?]

    init(_ strings: [String]) {
        storage = strings.map { string in
            let utf8 = string.utf8CString
            let copy = UnsafeMutablePointer<CChar>.allocate(capacity: utf8.count)
            for (index, byte) in utf8.enumerated() { copy[index] = byte }
            return copy
        }
        pointers = storage.map { UnsafePointer($0) } + [nil]
    }

    deinit {
        for pointer in storage { pointer.deallocate() }
    }
}

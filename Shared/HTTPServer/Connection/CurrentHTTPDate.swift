internal import Glibc
internal import Primitives

/// The current time in HTTP's date format, cached for one second.
struct CurrentHTTPDate {
    private var second = 0
    private var text = ""

    mutating func now() -> String {
        let now = time(nil)
        if now != second {
            second = now
            text = HTTPDate.format(now)
        }
        return text
    }
}

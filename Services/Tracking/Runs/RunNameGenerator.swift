internal import ServiceKit

/// Generates names for unnamed runs, such as `swift-heron-42`: an adjective, a bird and a number. MLflow's clients do the same.
struct RunNameGenerator: Sendable {
    let random: RandomSource

    func generate() -> String {
        let adjective = Self.adjectives[random.number(below: Self.adjectives.count)]
        let bird = Self.birds[random.number(below: Self.birds.count)]
        return "\(adjective)-\(bird)-\(random.number(below: 1000))"
    }

    // Words have at most 8 characters, to keep names short.
    private static let adjectives = [
        "agile", "airy", "amber", "bold", "brave", "breezy", "bright", "brisk", "calm", "clever", "coastal", "curious", "dapper",
        "daring", "eager", "early", "fleet", "free", "gentle", "gliding", "golden", "happy", "hardy", "high", "honest", "jolly",
        "keen", "lively", "lofty", "lucky", "merry", "mighty", "nimble", "noble", "patient", "plucky", "polar", "proud", "quick",
        "quiet", "rapid", "ready", "rising", "roaming", "royal", "shy", "silver", "singing", "sky", "soaring", "steady", "still",
        "sunny", "swift", "tidal", "tireless", "unladen", "upbeat", "vivid", "wander", "warm", "wild", "windy", "wise",
    ]

    private static let birds = [
        "auk", "avocet", "bittern", "bluejay", "bunting", "bustard", "buzzard", "condor", "coot", "crane", "crow", "cuckoo",
        "curlew", "dove", "duck", "dunlin", "eagle", "egret", "eider", "falcon", "finch", "gannet", "godwit", "goose", "grebe",
        "grouse", "gull", "harrier", "hawk", "heron", "hobby", "hoopoe", "ibis", "jackdaw", "jay", "kestrel", "kite", "lapwing",
        "lark", "linnet", "loon", "magpie", "martin", "merlin", "ortolan", "osprey", "owl", "petrel", "pipit", "plover",
        "puffin", "quail", "raven", "robin", "rook", "ruff", "shrike", "siskin", "skua", "snipe", "starling", "stork", "swallow",
        "swan", "swift", "teal", "tern", "thrush", "warbler", "wren",
    ]
}

extension BuiltInPrices {
    /// List prices of Anthropic.
    static let anthropic = """
        claude-3-5-haiku-20241022 claude-3-5-haiku-latest = 0.8 4 cached 0.08 write 1 max 8192 window 200000
            search 0.01
        claude-3-5-sonnet-20240620 claude-3-5-sonnet-20241022 claude-3-5-sonnet-latest = 3 15 cached 0.3 write 3.75 max 8192 window 200000
            search 0.01
        claude-3-7-sonnet-20250219 claude-3-7-sonnet-latest = 3 15 cached 0.3 write 3.75 max 64000 window 200000
            search 0.01
        claude-3-haiku-20240307 = 0.25 1.25 cached 0.03 write 0.3 max 4096 window 200000
            search 0.01
        claude-3-opus-20240229 claude-3-opus-latest = 15 75 cached 1.5 write 18.75 max 4096 window 200000
            search 0.01
        claude-4-opus-20250514 claude-opus-4-0 claude-opus-4-1 claude-opus-4-1-20250805 claude-opus-4-20250514 +
        = 15 75 cached 1.5 write 18.75 max 32000 window 200000
            search 0.01
        claude-4-sonnet-20250514 claude-sonnet-4-0 claude-sonnet-4-20250514 = 3 15 cached 0.3 write 3.75 max 64000 window 1000000
            over 200000 6 22.5 cached 0.6 write 7.5
            search 0.01
        claude-fable-5 claude-mythos-5 claude-mythos-preview = 10 50 cached 1 write 12.5 write1h 20 max 128000 window 1000000
            geo us 1.1
            search 0.01
        claude-fable-5-1 claude-mythos-5-1 = 10 50 cached 0.25 write 12.5 write1h 20 max 128000 window 1000000
            geo us 1.1
            search 0.01
        claude-haiku-4-5 claude-haiku-4-5-20251001 = 1 5 cached 0.1 write 1.25 write1h 2 max 64000 window 200000
            search 0.01
        claude-opus-4-5 claude-opus-4-5-20251101 = 5 25 cached 0.5 write 6.25 write1h 10 max 64000 window 200000
            search 0.01
        claude-opus-4-6 claude-opus-4-6-20260205 claude-opus-4-7 claude-opus-4-7-20260416 claude-opus-4-8 +
        claude-opus-5 = 5 25 cached 0.5 write 6.25 write1h 10 max 128000 window 1000000
            geo us 1.1
            search 0.01
        claude-opus-5-5 = 4 20 cached 0.2 write 5 write1h 8 max 128000 window 1000000
            geo us 1.1
            search 0.01
        claude-sonnet-4-5 claude-sonnet-4-5-20250929 = 3 15 cached 0.3 write 3.75 write1h 6 max 64000 window 1000000
            over 200000 6 22.5 cached 0.6 write 7.5 write1h 12
            search 0.01
        claude-sonnet-4-6 = 3 15 cached 0.3 write 3.75 write1h 6 max 128000 window 1000000
            geo us 1.1
            search 0.01
        claude-sonnet-5 claude-sonnet-5-5 = 2 10 cached 0.2 write 2.5 write1h 4 max 128000 window 1000000
            geo us 1.1
            search 0.01
        """
}

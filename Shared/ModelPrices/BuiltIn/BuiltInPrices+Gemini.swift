extension BuiltInPrices {
    /// List prices of Google's Gemini API.
    static let gemini = """
        gemini-2.0-flash gemini-2.0-flash-001 = 0.1 0.4 cached 0.025 max 8192 window 1048576
            audio 0.7
        gemini-2.0-flash-lite gemini-2.0-flash-lite-001 = 0.075 0.3 cached 0.01875 max 8192 window 1048576
            audio 0.075
        gemini-2.5-flash = 0.3 2.5 cached 0.03 max 65536 window 1048576
            audio 1
            tier flex 0.15 1.25 cached 0.03
            tier priority 0.54 4.5 cached 0.054
        gemini-2.5-flash-lite = 0.1 0.4 cached 0.01 max 65536 window 1048576
            audio 0.3
            tier flex 0.05 0.2 cached 0.01
            tier priority 0.18 0.72 cached 0.018
        gemini-2.5-flash-lite-preview-06-17 = 0.1 0.4 cached 0.025 max 65535 window 1048576
            audio 0.5
        gemini-2.5-flash-lite-preview-09-2025 = 0.1 0.4 cached 0.01 max 65535 window 1048576
            audio 0.3
        gemini-2.5-flash-preview-09-2025 = 0.3 2.5 cached 0.075 max 65535 window 1048576
            audio 1
        gemini-2.5-pro = 1.25 10 cached 0.125 max 65536 window 1048576
            audio 1.25
            over 200000 2.5 15 cached 0.25
            tier flex 0.625 5 cached 0.125
            tier priority 2.25 18 cached 0.225
        gemini-3-flash-preview = 0.5 3 cached 0.05 max 65536 window 1048576
            audio 1
            tier flex 0.25 1.5 cached 0.05
            tier priority 0.9 5.4 cached 0.09
        gemini-3-pro-preview = 2 12 cached 0.2 max 65535 window 1048576
            audio 2
            over 200000 4 18 cached 0.4
            tier priority 3.6 21.6 cached 0.36
        gemini-3.1-flash-lite gemini-3.1-flash-lite-preview = 0.25 1.5 cached 0.025 max 65536 window 1048576
            audio 0.5
            tier flex 0.125 0.75 cached 0.0125
            tier priority 0.45 2.7 cached 0.045
        gemini-3.1-pro-preview gemini-3.1-pro-preview-customtools gemini-pro-latest = 2 12 cached 0.2 max 65536 window 1048576
            audio 2
            over 200000 4 18 cached 0.4
            tier flex 1 6 cached 0.2
            tier priority 3.6 21.6 cached 0.36
        gemini-3.5-flash = 1.5 9 cached 0.15 max 65536 window 1048576
            audio 1.5
            tier flex 0.75 4.5 cached 0.08
            tier priority 2.7 16.2 cached 0.27
        gemini-3.5-flash-lite gemini-flash-lite-latest = 0.3 2.5 cached 0.03 max 65536 window 1048576
            audio 0.3
            tier flex 0.15 1.25 cached 0.02
            tier priority 0.54 4.5 cached 0.05
        gemini-3.6-flash gemini-3.7-flash gemini-3.8-flash gemini-flash-latest = 0.75 3.75 cached 0.075 max 65536 window 1048576
            audio 0.75
            tier flex 0.375 1.875 cached 0.0375
            tier priority 1.35 6.75 cached 0.135
        gemini-embedding-001 = 0.15 0 window 2048
        gemini-embedding-2 gemini-embedding-2-preview = 0.2 0 window 8192
            audio 6.5
        gemini-gemma-2-27b-it gemini-gemma-2-9b-it = 0.35 1.05 max 8192
            audio 0.35
        gemma-3-27b-it = 0 0 max 8192 window 131072
            audio 0
        gemma-4-26b-a4b-it gemma-4-31b-it = 0 0 max 32768 window 262144
            audio 0
        """
}

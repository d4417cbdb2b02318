extension BuiltInPrices {
    /// List prices of OpenAI.
    static let openAI = """
        chat-latest = 5 30 cached 0.5 max 128000 window 400000
        chatgpt-4o-latest = 5 15 max 4096 window 128000
        daybreak-blue-latest gpt-daybreak-blue-latest = 4 20 cached 0.4 write 5 max 128000 window 922000
            over 272000 8 30 cached 0.8 write 10
        daybreak-red-latest gpt-5.6-cyber gpt-daybreak-red-latest = 12.5 75 cached 1.25 write 15.625 max 128000 window 400000
            over 272000 25 112.5 cached 2.5 write 31.25
        gpt-3.5-turbo gpt-3.5-turbo-0125 = 0.5 1.5 max 4096 window 16385
        gpt-3.5-turbo-1106 = 1 2 max 4096 window 16385
        gpt-3.5-turbo-16k = 3 4 max 4096 window 16385
        gpt-4 gpt-4-0314 gpt-4-0613 = 30 60 max 4096 window 32768
        gpt-4-0125-preview gpt-4-1106-preview gpt-4-turbo gpt-4-turbo-2024-04-09 gpt-4-turbo-preview = 10 30 max 4096 window 128000
        gpt-4.1 gpt-4.1-2025-04-14 = 2 8 cached 0.5 max 32768 window 1047576
            tier priority 3.5 14 cached 0.875
        gpt-4.1-mini gpt-4.1-mini-2025-04-14 = 0.4 1.6 cached 0.1 max 32768 window 1047576
            tier priority 0.7 2.8 cached 0.175
        gpt-4.1-nano gpt-4.1-nano-2025-04-14 = 0.1 0.4 cached 0.025 max 32768 window 1047576
            tier priority 0.2 0.8 cached 0.05
        gpt-4o gpt-4o-2024-08-06 gpt-4o-2024-11-20 = 2.5 10 cached 1.25 max 16384 window 131072
            tier priority 4.25 17 cached 2.125
        gpt-4o-2024-05-13 = 5 15 max 4096 window 128000
            tier priority 8.75 26.25
        gpt-4o-audio-preview gpt-4o-audio-preview-2024-12-17 gpt-4o-audio-preview-2025-06-03 = 2.5 10 max 16384 window 128000
            audio 40 80
        gpt-4o-mini gpt-4o-mini-2024-07-18 = 0.15 0.6 cached 0.075 max 16384 window 131072
            tier priority 0.25 1 cached 0.125
        gpt-4o-mini-audio-preview gpt-4o-mini-audio-preview-2024-12-17 = 0.15 0.6 max 16384 window 128000
            audio 10 20
        gpt-5 gpt-5-2025-08-07 gpt-5.1 gpt-5.1-2025-11-13 = 1.25 10 cached 0.125 max 128000 window 409600
            tier flex 0.625 5 cached 0.0625
            tier priority 2.5 20 cached 0.25
        gpt-5-chat gpt-5-chat-latest gpt-5.1-chat-latest = 1.25 10 cached 0.125 max 16384 window 128000
        gpt-5-codex gpt-5.1-codex gpt-5.1-codex-max = 1.25 10 cached 0.125 max 128000 window 400000
        gpt-5-mini gpt-5-mini-2025-08-07 = 0.25 2 cached 0.025 max 128000 window 400000
            tier flex 0.125 1 cached 0.0125
            tier priority 0.45 3.6 cached 0.045
        gpt-5-nano gpt-5-nano-2025-08-07 = 0.05 0.4 cached 0.005 max 128000 window 400000
            tier flex 0.025 0.2 cached 0.0025
        gpt-5-pro gpt-5-pro-2025-10-06 = 15 120 max 272000 window 400000
        gpt-5.1-codex-mini = 0.25 2 cached 0.025 max 128000 window 400000
        gpt-5.2 gpt-5.2-2025-12-11 = 1.75 14 cached 0.175 max 128000 window 409600
            tier flex 0.875 7 cached 0.0875
            tier priority 3.5 28 cached 0.35
        gpt-5.2-chat-latest gpt-5.3-chat-latest = 1.75 14 cached 0.175 max 16384 window 128000
        gpt-5.2-codex = 1.75 14 cached 0.175 max 128000 window 400000
        gpt-5.2-pro gpt-5.2-pro-2025-12-11 = 21 168 max 128000 window 400000
        gpt-5.3-codex = 1.75 14 cached 0.175 max 128000 window 400000
            tier priority 3.5 28 cached 0.35
        gpt-5.4 gpt-5.4-2026-03-05 = 2.5 15 cached 0.25 max 128000 window 1050000
            over 272000 5 22.5 cached 0.5
            tier flex 1.25 7.5 cached 0.13
            tier priority 5 30 cached 0.5
        gpt-5.4-mini gpt-5.4-mini-2026-03-17 = 0.75 4.5 cached 0.075 max 128000 window 400000
            tier flex 0.375 2.25 cached 0.0375
            tier priority 1.5 9 cached 0.15
        gpt-5.4-nano gpt-5.4-nano-2026-03-17 = 0.2 1.25 cached 0.02 max 128000 window 400000
            tier flex 0.1 0.625 cached 0.01
        gpt-5.4-pro gpt-5.4-pro-2026-03-05 gpt-5.5-pro gpt-5.5-pro-2026-04-23 = 30 180 max 128000 window 1050000
            over 272000 60 270
            tier flex 15 90
        gpt-5.5 gpt-5.5-2026-04-23 = 5 30 cached 0.5 max 128000 window 1050000
            over 272000 10 45 cached 1
            tier flex 2.5 15 cached 0.25
            tier priority 12.5 75 cached 1.25
        gpt-5.5-cyber = 12.5 75 cached 1.25
        gpt-5.6 gpt-5.6-sol = 4 20 cached 0.4 write 5 max 128000 window 1050000
            over 272000 8 30 cached 0.8 write 10
            tier flex 2 10 cached 0.2
            tier priority 8 40 cached 0.8
        gpt-5.6-luna = 0.2 1.2 cached 0.02 write 0.25 max 128000 window 1050000
            over 272000 0.4 1.8 cached 0.04 write 0.5
            tier flex 0.1 0.6 cached 0.01
            tier priority 0.4 2.4 cached 0.04
        gpt-5.6-terra = 2 12 cached 0.2 write 2.5 max 128000 window 1050000
            over 272000 4 18 cached 0.4 write 5
            tier flex 1 6 cached 0.1
            tier priority 4 24 cached 0.4
        gpt-6-astra = 10 50 cached 1 write 12.5 max 128000 window 1050000
            over 272000 20 75 cached 2 write 25
            tier flex 5 25 cached 0.5
            tier priority 20 100 cached 2
        gpt-6-luna = 0.1 0.5 cached 0.01 write 0.125 max 128000 window 1050000
            over 272000 0.2 0.75 cached 0.02 write 0.25
            tier flex 0.05 0.25 cached 0.005
            tier priority 0.2 1 cached 0.02
        gpt-6-sol = 2 10 cached 0.2 write 2.5 max 128000 window 1050000
            over 272000 4 15 cached 0.4 write 5
            tier flex 1 5 cached 0.1
            tier priority 4 20 cached 0.4
        gpt-6.1-sol = 2 10 cached 0.1 write 2.5 max 128000 window 1050000
            over 272000 4 15 cached 0.2 write 5
            tier flex 1 5 cached 0.05
            tier priority 4 20 cached 0.2
        gpt-audio gpt-audio-1.5 gpt-audio-2025-08-28 = 2.5 10 max 16384 window 128000
            audio 32 64
        gpt-audio-mini gpt-audio-mini-2025-10-06 gpt-audio-mini-2025-12-15 = 0.6 2.4 max 16384 window 128000
            audio 10 20
        o1 o1-2024-12-17 = 15 60 cached 7.5 max 100000 window 200000
        o1-pro o1-pro-2025-03-19 = 150 600 max 100000 window 200000
        o3 o3-2025-04-16 = 2 8 cached 0.5 max 100000 window 200000
            tier flex 1 4 cached 0.25
            tier priority 3.5 14 cached 0.875
        o3-mini o3-mini-2025-01-31 = 1.1 4.4 cached 0.55 max 100000 window 200000
        o3-pro o3-pro-2025-06-10 = 20 80 max 100000 window 200000
        o4-mini o4-mini-2025-04-16 = 1.1 4.4 cached 0.275 max 100000 window 200000
            tier flex 0.55 2.2 cached 0.138
            tier priority 2 8 cached 0.5
        text-embedding-3-large = 0.13 0 window 8192
        text-embedding-3-small = 0.02 0 window 8192
        text-embedding-ada-002 text-embedding-ada-002-v2 = 0.1 0 window 8192
        gpt-3.5-turbo-instruct = 1.5 2 max 4096 window 8192
        """
}

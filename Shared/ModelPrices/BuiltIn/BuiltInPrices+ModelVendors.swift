extension BuiltInPrices {
    /// List prices of Mistral, DeepSeek, xAI, Cohere and AI21.
    static let modelVendors = """
        codestral-2405 = 1 3 max 8191
        codestral-2508 codestral-latest mistral-code-fim-latest mistral-code-latest = 0.3 0.9 cached 0.03 max 128000
        codestral-embed codestral-embed-2505 = 0.15 0 cached 0.015
        codestral-mamba-latest = 0.25 0.25 cached 0.025 max 256000
        devstral-2512 = 0.4 2 max 256000
        devstral-latest devstral-medium-latest mistral-code-agent-latest = 0.4 2 cached 0.04 max 256000
        devstral-medium-2507 = 0.4 2 max 128000
        devstral-small-2505 devstral-small-2507 = 0.1 0.3 max 128000
        devstral-small-latest = 0.1 0.3 cached 0.01 max 256000
        glm-5-2 zai-glm-5 zai-glm-5-2 zai-glm-5-3 zai-glm-latest = 1.4 4.4 cached 0.14 max 131072
        labs-devstral-small-2512 = 0.1 0.3 max 256000
        labs-leanstral-1-5 labs-leanstral-1-5-1 = 0 0 max 131072
        magistral-medium-1-2-2509 magistral-medium-2506 magistral-medium-2509 = 2 5 max 40000
        magistral-medium-latest mistral-medium mistral-medium-2604 mistral-medium-3 mistral-medium-3-5 +
        mistral-medium-3.5 mistral-medium-latest mistral-vibe-cli-latest mistral-vibe-cli-with-tools = 1.5 7.5 cached 0.15 max 262144
        magistral-small-1-2-2509 magistral-small-2506 = 0.5 1.5 max 40000
        magistral-small-latest mistral-small-2603 mistral-small-latest mistral-vibe-cli-fast = 0.15 0.6 cached 0.015 max 262144
        ministral-14b-2512 ministral-14b-latest ministral-3-14b-2512 = 0.2 0.2 cached 0.02 max 262144
        ministral-3-3b-2512 ministral-3b-2512 ministral-3b-latest = 0.1 0.1 cached 0.01 max 131072
        ministral-3-8b-2512 ministral-8b-2512 ministral-8b-latest = 0.15 0.15 cached 0.015 max 262144
        mistral-embed mistral-embed-2312 embed-english-light-v2.0 embed-english-light-v3.0 embed-english-v2.0 +
        embed-english-v3.0 embed-multilingual-v2.0 embed-multilingual-v3.0 = 0.1 0
        mistral-large-2402 = 4 12 max 8191
        mistral-large-2407 = 3 9 max 128000
        mistral-large-2411 pixtral-large-2411 = 2 6 max 128000
        mistral-large-2512 mistral-large-3 mistral-large-latest = 0.5 1.5 cached 0.05 max 262144
        mistral-medium-2312 = 2.7 8.1 max 8191
        mistral-medium-2505 = 0.4 2 max 8191
        mistral-medium-2508 mistral-medium-3-1-2508 = 0.4 2 max 131072
        mistral-small = 0.1 0.3 cached 0.01 max 8191
        mistral-small-3-2-2506 = 0.06 0.18 max 131072
        mistral-tiny = 0.25 0.25 cached 0.025 max 8191
        open-codestral-mamba = 0.25 0.25 max 256000
        open-mistral-7b = 0.25 0.25 max 8191
        open-mistral-nemo = 0.3 0.3 cached 0.03 max 128000
        open-mistral-nemo-2407 = 0.3 0.3 max 128000
        open-mixtral-8x22b = 2 6 max 8191
        open-mixtral-8x7b = 0.7 0.7 max 8191
        pixtral-12b-2409 = 0.15 0.15 max 128000
        pixtral-large-latest = 2 6 cached 0.2 max 128000
        voxtral-small-2507 voxtral-small-latest = 0.1 0.4 cached 0.01 max 32768
        deepseek-chat = 0.28 0.42 cached 0.028 max 8192
        deepseek-coder = 0.14 0.28 cached 0.014 max 4096
        deepseek-flash deepseek-v4-flash deepseek-v4-flash-vision-exp = 0.3 1.2 cached 0.006 max 393216
        deepseek-r1 = 0.55 2.19 cached 0.14 max 8192
        deepseek-reasoner = 0.28 0.42 cached 0.028 max 65536
        deepseek-v3 = 0.27 1.1 cached 0.07 max 8192
        deepseek-v3.2 = 0.28 0.4 cached 0.028 max 163840
        deepseek-v4-pro = 1.32 3.96 cached 0.044 max 393216
        grok-2 grok-2-1212 grok-2-latest = 2 10 max 131072
        grok-2-vision grok-2-vision-1212 grok-2-vision-latest = 2 10 max 32768
        grok-3 grok-3-beta grok-3-latest = 3 15 cached 0.75 max 131072
        grok-3-fast-beta grok-3-fast-latest = 5 25 cached 1.25 max 131072
        grok-3-mini grok-3-mini-beta grok-3-mini-latest = 0.3 0.5 cached 0.075 max 131072
        grok-3-mini-fast grok-3-mini-fast-beta grok-3-mini-fast-latest = 0.6 4 cached 0.15 max 131072
        grok-4 = 3 15 max 256000
        grok-4-0709 grok-4-latest = 3 15 max 256000
            over 128000 6 30
        grok-4-1-fast grok-4-1-fast-non-reasoning grok-4-1-fast-non-reasoning-latest grok-4-1-fast-reasoning +
        grok-4-1-fast-reasoning-latest grok-4-fast-non-reasoning grok-4-fast-reasoning = 0.2 0.5 cached 0.05 max 2000000
            over 128000 0.4 1 cached 0.1
        grok-4.20 grok-4.20-0309 grok-4.20-0309-non-reasoning grok-4.20-0309-reasoning grok-4.20-beta +
        grok-4.20-beta-0309 grok-4.20-beta-0309-non-reasoning grok-4.20-beta-0309-reasoning grok-4.20-beta-latest +
        grok-4.20-beta-latest-non-reasoning grok-4.20-beta-latest-reasoning grok-4.20-beta-non-reasoning +
        grok-4.20-beta-reasoning grok-4.20-experimental-beta-0304 grok-4.20-experimental-beta-0304-non-reasoning +
        grok-4.20-experimental-beta-0304-reasoning grok-4.20-experimental-beta-latest +
        grok-4.20-experimental-beta-non-reasoning-latest grok-4.20-experimental-beta-reasoning-latest +
        grok-4.20-multi-agent grok-4.20-multi-agent-0309 grok-4.20-multi-agent-beta-0309 +
        grok-4.20-multi-agent-beta-latest grok-4.20-multi-agent-experimental-beta-0304 +
        grok-4.20-multi-agent-experimental-beta-latest grok-4.20-multi-agent-latest grok-4.20-non-reasoning +
        grok-4.20-non-reasoning-gv2 grok-4.20-non-reasoning-latest grok-4.20-reasoning grok-4.20-reasoning-gv2 +
        grok-4.20-reasoning-latest grok-4.3 grok-4.3-latest = 1.25 2.5 cached 0.2 max 1000000
            over 200000 2.5 5 cached 0.4
        grok-4.5 grok-4.5-latest grok-build-latest = 2 6 cached 0.3 max 500000
            over 200000 4 12 cached 0.6
        grok-4.6 grok-4.7 = 2 6 cached 0.5 max 500000
            over 200000 4 12 cached 1
        grok-beta = 5 15 max 131072
        grok-build-0.1 grok-code-fast grok-code-fast-1 grok-code-fast-1-0825 = 1 2 cached 0.2 max 256000
            over 200000 2 4 cached 0.4
        grok-vision-beta = 5 15 max 8192
        command command-nightly = 1 2 max 4096
        embed-multilingual-light-v3.0 = 100 0
        embed-v4.0 embed-v5.0-pro = 0.12 0
        embed-v5.0-fast = 0.08 0
        c4ai-aya-expanse-32b = 0.5 1.5 max 4000
        command-a-03-2025 = 2.5 10 max 8000
        command-a-plus-05-2026 = 0 0 max 64000
        command-light = 0.3 0.6 max 4096
        command-r command-r-08-2024 = 0.15 0.6 max 4096
        command-r-plus command-r-plus-08-2024 = 2.5 10 max 4096
        command-r7b-12-2024 = 0.0375 0.15 max 4096
        j2-light = 3 3 max 8192
        j2-mid = 10 10 max 8192
        j2-ultra = 15 15 max 8192
        jamba-1.5 jamba-1.5-mini jamba-1.5-mini@001 jamba-mini-1.6 jamba-mini-1.7 = 0.2 0.4 max 256000
        jamba-1.5-large jamba-1.5-large@001 jamba-large-1.6 jamba-large-1.7 = 2 8 max 256000
        """
}

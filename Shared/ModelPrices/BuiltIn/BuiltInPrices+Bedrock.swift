extension BuiltInPrices {
    /// List prices of Amazon Bedrock, whose model IDs contain the vendor and the regions.
    static let bedrock = """
        ai21.j2-mid-v1 = 12.5 12.5 max 8191 window 8191
        ai21.j2-ultra-v1 = 18.8 18.8 max 8191 window 8191
        ai21.jamba-1-5-large-v1:0 = 2 8 max 256000 window 256000
        ai21.jamba-1-5-mini-v1:0 = 0.2 0.4 max 256000 window 256000
        ai21.jamba-instruct-v1:0 = 0.5 0.7 max 4096 window 70000
        amazon.nova-2-lite-v1:0 global.amazon.nova-2-lite-v1:0 = 0.3 2.5 cached 0.075 max 64000 window 1000000
        amazon.nova-2-multimodal-embeddings-v1:0 = 0.135 0 window 8172
        amazon.nova-2-pro-preview-20251202-v1:0 = 1.25 10 cached 0.3125 max 64000 window 1000000
            audio 1.25
        amazon.nova-lite-v1:0 us.amazon.nova-lite-v1:0 = 0.06 0.24 cached 0.015 max 10000 window 300000
        amazon.nova-micro-v1:0 us.amazon.nova-micro-v1:0 = 0.035 0.14 cached 0.00875 max 10000 window 128000
        amazon.nova-pro-v1:0 us.amazon.nova-pro-v1:0 = 0.8 3.2 cached 0.2 max 10000 window 300000
        amazon.titan-embed-g1-text-02 amazon.titan-embed-text-v1 cohere.embed-english-v3 cohere.embed-multilingual-v3 = 0.1 0 window 8192
        amazon.titan-embed-text-v2:0 = 0.02 0 window 8192
        amazon.titan-text-express-v1 = 1.3 1.7 max 8000 window 42000
        amazon.titan-text-lite-v1 = 0.3 0.4 max 4000 window 42000
        amazon.titan-text-premier-v1:0 mistral.mistral-large-3-675b-instruct = 0.5 1.5 max 32000 window 256000
        anthropic.claude-3-5-haiku-20241022-v1:0 eu.anthropic.claude-3-5-haiku-20241022-v1:0 +
        us.anthropic.claude-3-5-haiku-20241022-v1:0 = 0.8 4 cached 0.08 write 1 max 8192 window 200000
        anthropic.claude-3-5-sonnet-20240620-v1:0 = 3 15 cached 0.3 write 3.75 max 4096 window 1000000
            over 200000 6 30 cached 0.6 write 7.5
        anthropic.claude-3-5-sonnet-20241022-v2:0 = 3 15 cached 0.3 write 3.75 max 8192 window 1000000
            over 200000 6 30 cached 0.6 write 7.5
        anthropic.claude-3-7-sonnet-20240620-v1:0 = 3.6 18 cached 0.36 write 4.5 max 8192 window 200000
        anthropic.claude-3-7-sonnet-20250219-v1:0 apac.anthropic.claude-3-5-sonnet-20241022-v2:0 +
        eu.anthropic.claude-3-5-sonnet-20241022-v2:0 eu.anthropic.claude-3-7-sonnet-20250219-v1:0 +
        us.anthropic.claude-3-5-sonnet-20241022-v2:0 us.anthropic.claude-3-7-sonnet-20250219-v1:0 +
        = 3 15 cached 0.3 write 3.75 max 8192 window 200000
        anthropic.claude-3-haiku-20240307-v1:0 apac.anthropic.claude-3-haiku-20240307-v1:0 +
        eu.anthropic.claude-3-haiku-20240307-v1:0 us.anthropic.claude-3-haiku-20240307-v1:0 +
        = 0.25 1.25 cached 0.025 write 0.3125 max 4096 window 200000
        anthropic.claude-3-opus-20240229-v1:0 eu.anthropic.claude-3-opus-20240229-v1:0 +
        us.anthropic.claude-3-opus-20240229-v1:0 = 15 75 cached 1.5 write 18.75 max 4096 window 200000
        anthropic.claude-3-sonnet-20240229-v1:0 apac.anthropic.claude-3-5-sonnet-20240620-v1:0 +
        apac.anthropic.claude-3-sonnet-20240229-v1:0 eu.anthropic.claude-3-5-sonnet-20240620-v1:0 +
        eu.anthropic.claude-3-sonnet-20240229-v1:0 us.anthropic.claude-3-5-sonnet-20240620-v1:0 +
        us.anthropic.claude-3-sonnet-20240229-v1:0 = 3 15 cached 0.3 write 3.75 max 4096 window 200000
        anthropic.claude-fable-5 global.anthropic.claude-fable-5 = 10 50 cached 1 write 12.5 write1h 20 max 128000 window 1000000
        anthropic.claude-fable-5-1 anthropic.claude-mythos-5-1 global.anthropic.claude-fable-5-1 +
        global.anthropic.claude-mythos-5-1 = 10 50 cached 0.25 write 12.5 write1h 20 max 128000 window 1000000
        anthropic.claude-haiku-4-5-20251001-v1:0 global.anthropic.claude-haiku-4-5-20251001-v1:0 +
        = 1 5 cached 0.1 write 1.25 write1h 2 max 64000 window 200000
        anthropic.claude-instant-v1 = 0.8 2.4 max 8191 window 100000
        anthropic.claude-mythos-preview apac.anthropic.claude-mythos-preview au.anthropic.claude-mythos-preview +
        us.anthropic.claude-mythos-preview = 27.5 137.5 cached 2.75 write 34.375 write1h 55 max 128000 window 1000000
        anthropic.claude-opus-4-1-20250805-v1:0 anthropic.claude-opus-4-20250514-v1:0 +
        eu.anthropic.claude-opus-4-1-20250805-v1:0 eu.anthropic.claude-opus-4-20250514-v1:0 +
        us.anthropic.claude-opus-4-1-20250805-v1:0 us.anthropic.claude-opus-4-20250514-v1:0 +
        = 15 75 cached 1.5 write 18.75 max 32000 window 200000
        anthropic.claude-opus-4-5-20251101-v1:0 global.anthropic.claude-opus-4-5-20251101-v1:0 +
        = 5 25 cached 0.5 write 6.25 write1h 10 max 64000 window 200000
        anthropic.claude-opus-4-6-v1 anthropic.claude-opus-4-7 anthropic.claude-opus-4-8 anthropic.claude-opus-5 +
        global.anthropic.claude-opus-4-6-v1 global.anthropic.claude-opus-4-7 global.anthropic.claude-opus-4-8 +
        global.anthropic.claude-opus-5 = 5 25 cached 0.5 write 6.25 write1h 10 max 128000 window 1000000
        anthropic.claude-opus-5-5 global.anthropic.claude-opus-5-5 = 4 20 cached 0.2 write 5 write1h 8 max 128000 window 1000000
        anthropic.claude-sonnet-4-20250514-v1:0 apac.anthropic.claude-sonnet-4-20250514-v1:0 +
        eu.anthropic.claude-sonnet-4-20250514-v1:0 global.anthropic.claude-sonnet-4-20250514-v1:0 +
        us.anthropic.claude-sonnet-4-20250514-v1:0 = 3 15 cached 0.3 write 3.75 max 64000 window 1000000
            over 200000 6 22.5 cached 0.6 write 7.5
        anthropic.claude-sonnet-4-5-20250929-v1:0 claude-sonnet-4-5-20250929-v1:0 +
        global.anthropic.claude-sonnet-4-5-20250929-v1:0 = 3 15 cached 0.3 write 3.75 write1h 6 max 64000 window 1000000
            over 200000 6 22.5 cached 0.6 write 7.5 write1h 12
        anthropic.claude-sonnet-4-6 global.anthropic.claude-sonnet-4-6 = 3 15 cached 0.3 write 3.75 write1h 6 max 64000 window 1000000
        anthropic.claude-sonnet-5 anthropic.claude-sonnet-5-5 global.anthropic.claude-sonnet-5 +
        global.anthropic.claude-sonnet-5-5 = 2 10 cached 0.2 write 2.5 write1h 4 max 128000 window 1000000
        anthropic.claude-v1 anthropic.claude-v2:1 = 8 24 max 8191 window 200000
        apac.amazon.nova-2-lite-v1:0 eu.amazon.nova-2-lite-v1:0 us.amazon.nova-2-lite-v1:0 +
        = 0.33 2.75 cached 0.0825 max 64000 window 1000000
        apac.amazon.nova-2-pro-preview-20251202-v1:0 eu.amazon.nova-2-pro-preview-20251202-v1:0 +
        us.amazon.nova-2-pro-preview-20251202-v1:0 = 1.375 11 cached 0.34375 max 64000 window 1000000
            audio 1.375
        apac.amazon.nova-lite-v1:0 = 0.063 0.252 cached 0.01575 max 10000 window 300000
        apac.amazon.nova-micro-v1:0 = 0.037 0.148 cached 0.00925 max 10000 window 128000
        apac.amazon.nova-pro-v1:0 = 0.84 3.36 cached 0.21 max 10000 window 300000
        apac.anthropic.claude-fable-5 au.anthropic.claude-fable-5 eu.anthropic.claude-fable-5 +
        us.anthropic.claude-fable-5 us.anthropic.claude-mythos-5 = 11 55 cached 1.1 write 13.75 write1h 22 max 128000 window 1000000
        apac.anthropic.claude-haiku-4-5-20251001-v1:0 = 1.1 5.5 cached 0.11 write 1.375 max 64000 window 200000
        apac.anthropic.claude-opus-4-7 apac.anthropic.claude-opus-4-8 apac.anthropic.claude-opus-5 +
        au.anthropic.claude-opus-4-6-v1 au.anthropic.claude-opus-4-7 au.anthropic.claude-opus-4-8 +
        au.anthropic.claude-opus-5 eu.anthropic.claude-opus-4-6-v1 eu.anthropic.claude-opus-4-7 +
        eu.anthropic.claude-opus-4-8 eu.anthropic.claude-opus-5 jp.anthropic.claude-opus-4-7 +
        jp.anthropic.claude-opus-4-8 jp.anthropic.claude-opus-5 us.anthropic.claude-opus-4-6-v1 +
        us.anthropic.claude-opus-4-7 us.anthropic.claude-opus-4-8 us.anthropic.claude-opus-5 +
        = 5.5 27.5 cached 0.55 write 6.875 write1h 11 max 128000 window 1000000
        apac.anthropic.claude-opus-5-5 au.anthropic.claude-opus-5-5 eu.anthropic.claude-opus-5-5 +
        jp.anthropic.claude-opus-5-5 us.anthropic.claude-opus-5-5 = 4.4 22 cached 0.22 write 5.5 write1h 8.8 max 128000 window 1000000
        apac.anthropic.claude-sonnet-4-6 au.anthropic.claude-sonnet-4-6 eu.anthropic.claude-sonnet-4-6 +
        jp.anthropic.claude-sonnet-4-6 us.anthropic.claude-sonnet-4-6 +
        = 3.3 16.5 cached 0.33 write 4.125 write1h 6.6 max 64000 window 1000000
        apac.anthropic.claude-sonnet-5 apac.anthropic.claude-sonnet-5-5 au.anthropic.claude-sonnet-5 +
        au.anthropic.claude-sonnet-5-5 eu.anthropic.claude-sonnet-5 eu.anthropic.claude-sonnet-5-5 +
        jp.anthropic.claude-sonnet-5 jp.anthropic.claude-sonnet-5-5 us.anthropic.claude-sonnet-5 +
        us.anthropic.claude-sonnet-5-5 = 2.2 11 cached 0.22 write 2.75 write1h 4.4 max 128000 window 1000000
        au.anthropic.claude-haiku-4-5-20251001-v1:0 eu.anthropic.claude-haiku-4-5-20251001-v1:0 +
        jp.anthropic.claude-haiku-4-5-20251001-v1:0 us.anthropic.claude-haiku-4-5-20251001-v1:0 +
        = 1.1 5.5 cached 0.11 write 1.375 write1h 2.2 max 64000 window 200000
        au.anthropic.claude-sonnet-4-5-20250929-v1:0 eu.anthropic.claude-sonnet-4-5-20250929-v1:0 +
        jp.anthropic.claude-sonnet-4-5-20250929-v1:0 us.anthropic.claude-sonnet-4-5-20250929-v1:0 +
        = 3.3 16.5 cached 0.33 write 4.125 write1h 6.6 max 64000 window 1000000
            over 200000 6.6 24.75 cached 0.66 write 8.25 write1h 13.2
        cohere.command-light-text-v14 = 0.3 0.6 max 4096 window 4096
        cohere.command-r-plus-v1:0 = 3 15 max 4096 window 128000
        cohere.command-r-v1:0 = 0.5 1.5 max 4096 window 128000
        cohere.command-text-v14 = 1 2 max 4096 window 4096
        cohere.embed-v4:0 global.cohere.embed-v4:0 us.cohere.embed-v4:0 = 0.12 0 window 128000
        deepseek.r1-v1:0 = 1.35 5.4 max 8192 window 128000
        deepseek.v3-v1:0 = 0.58 1.68 max 81920 window 163840
        deepseek.v3.2 = 0.62 1.85 max 8000 window 164000
        eu.amazon.nova-lite-v1:0 = 0.078 0.312 cached 0.0195 max 10000 window 300000
        eu.amazon.nova-micro-v1:0 = 0.046 0.184 cached 0.0115 max 10000 window 128000
        eu.amazon.nova-pro-v1:0 = 1.05 4.2 cached 0.2625 max 10000 window 300000
        eu.anthropic.claude-fable-5-1 us.anthropic.claude-fable-5-1 us.anthropic.claude-mythos-5-1 +
        = 11 55 cached 0.275 write 13.75 write1h 22 max 128000 window 1000000
        eu.anthropic.claude-opus-4-5-20251101-v1:0 us.anthropic.claude-opus-4-5-20251101-v1:0 +
        = 5.5 27.5 cached 0.55 write 6.875 write1h 11 max 64000 window 200000
        eu.deepseek.v3.2 = 0.74 2.22 max 163840 window 163840
        eu.meta.llama3-2-1b-instruct-v1:0 = 0.13 0.13 max 4096 window 128000
        eu.meta.llama3-2-3b-instruct-v1:0 = 0.19 0.19 max 4096 window 128000
        eu.mistral.pixtral-large-2502-v1:0 us.mistral.pixtral-large-2502-v1:0 = 2 6 max 4096 window 128000
        global.moonshotai.kimi-k3 = 3 15 cached 0.3 write 3.75 max 131072 window 1000000
            tier flex 1.5 7.5 cached 0.15
            tier priority 5.25 26.25 cached 0.525
        global.openai.gpt-5.4 = 2.5 15 cached 0.25 max 128000 window 1000000
            over 272000 5 22.5 cached 0.5
        global.openai.gpt-5.5 = 5 30 cached 0.5 max 128000 window 1000000
            over 272000 10 45 cached 1
        global.openai.gpt-5.6-luna = 0.2 1.2 cached 0.02 write 0.25 max 128000 window 1000000
            over 272000 0.4 1.8 cached 0.04 write 0.5
        global.openai.gpt-5.6-sol = 4 20 cached 0.4 write 5 max 128000 window 1000000
            over 272000 8 30 cached 0.8 write 10
        global.openai.gpt-5.6-terra = 2 12 cached 0.2 write 2.5 max 128000 window 1000000
            over 272000 4 18 cached 0.4 write 5
        global.openai.gpt-6-astra = 10 50 cached 1 write 12.5 max 128000 window 1050000
            over 272000 20 75 cached 2 write 25
        global.openai.gpt-6-luna openai.gpt-6-luna = 0.1 0.5 cached 0.01 write 0.125 max 128000 window 1050000
            over 272000 0.2 0.75 cached 0.02 write 0.25
        global.openai.gpt-6-sol openai.gpt-6-sol = 2 10 cached 0.2 write 2.5 max 128000 window 1050000
            over 272000 4 15 cached 0.4 write 5
        global.openai.gpt-6.1-sol openai.gpt-6.1-sol = 2 10 cached 0.1 write 2.5 max 131072 window 1050000
            over 272000 4 15 cached 0.2 write 5
        global.xai.grok-4.6 global.xai.grok-4.7 xai.grok-4.7 = 2 6 cached 0.5 max 500000 window 500000
            tier flex 1 3 cached 0.25
            tier priority 3.5 10.5 cached 0.875
        google.gemma-3-12b-it = 0.09 0.29 max 8000 window 128000
        google.gemma-3-27b-it = 0.23 0.38 max 8000 window 128000
        google.gemma-3-4b-it = 0.04 0.08 max 8000 window 128000
        meta.llama2-13b-chat-v1 = 0.75 1 max 4096 window 4096
        meta.llama2-70b-chat-v1 = 1.95 2.56 max 4096 window 4096
        meta.llama3-1-405b-instruct-v1:0 us.meta.llama3-1-405b-instruct-v1:0 = 2.4 2.4 max 4096 window 128000
        meta.llama3-1-70b-instruct-v1:0 us.meta.llama3-1-70b-instruct-v1:0 = 0.72 0.72 max 2048 window 128000
        meta.llama3-1-8b-instruct-v1:0 us.meta.llama3-1-8b-instruct-v1:0 = 0.22 0.22 max 2048 window 128000
        meta.llama3-2-11b-instruct-v1:0 us.meta.llama3-2-11b-instruct-v1:0 = 0.16 0.16 max 4096 window 128000
        meta.llama3-2-1b-instruct-v1:0 us.meta.llama3-2-1b-instruct-v1:0 = 0.1 0.1 max 4096 window 128000
        meta.llama3-2-3b-instruct-v1:0 us.meta.llama3-2-3b-instruct-v1:0 = 0.15 0.15 max 4096 window 128000
        meta.llama3-2-90b-instruct-v1:0 meta.llama3-3-70b-instruct-v1:0 us.meta.llama3-2-90b-instruct-v1:0 +
        us.meta.llama3-3-70b-instruct-v1:0 = 0.72 0.72 max 4096 window 128000
        meta.llama3-70b-instruct-v1:0 = 2.65 3.5 max 8192 window 8192
        meta.llama3-8b-instruct-v1:0 = 0.3 0.6 max 8192 window 8192
        meta.llama4-maverick-17b-instruct-v1:0 us.meta.llama4-maverick-17b-instruct-v1:0 = 0.24 0.97 max 4096 window 128000
        meta.llama4-scout-17b-instruct-v1:0 us.meta.llama4-scout-17b-instruct-v1:0 = 0.17 0.66 max 4096 window 128000
        minimax.minimax-m2 minimax.minimax-m2.1 minimax.minimax-m2.5 = 0.3 1.2 max 8000 window 1000000
        mistral.devstral-2-123b = 0.4 2 max 32000 window 256000
        mistral.magistral-small-2509 = 0.5 1.5 max 40000 window 128000
        mistral.ministral-3-14b-instruct = 0.2 0.2 max 8000 window 128000
        mistral.ministral-3-3b-instruct = 0.1 0.1 max 8000 window 128000
        mistral.ministral-3-8b-instruct = 0.15 0.15 max 8000 window 128000
        mistral.mistral-7b-instruct-v0:2 = 0.15 0.2 max 8191 window 32000
        mistral.mistral-large-2402-v1:0 = 4 12 max 8191 window 32000
        mistral.mistral-large-2407-v1:0 = 2 6 max 8191 window 128000
        mistral.mistral-small-2402-v1:0 = 1 3 max 8191 window 32000
        mistral.mixtral-8x7b-instruct-v0:1 = 0.45 0.7 max 8191 window 32000
        mistral.pixtral-large-2502-v1:0 = 2 6 max 16384 window 128000
        mistral.voxtral-mini-3b-2507 = 0.04 0.04 max 8192 window 128000
        mistral.voxtral-small-24b-2507 = 0.1 0.3 max 8192 window 128000
        moonshot.kimi-k2-thinking = 0.6 2.5 max 16000 window 256000
        moonshotai.kimi-k2-thinking = 0.73 3.03 max 262144 window 262144
        moonshotai.kimi-k2.5 = 0.6 3.03 max 262144 window 262144
        moonshotai.kimi-k3 us.moonshotai.kimi-k3 = 3.3 16.5 cached 0.33 write 4.125 max 131072 window 1000000
            tier flex 1.65 8.25 cached 0.165
            tier priority 5.775 28.875 cached 0.5775
        nvidia.nemotron-nano-12b-v2 = 0.2 0.6 max 8000 window 128000
        nvidia.nemotron-nano-3-30b = 0.06 0.24 max 8000 window 262144
        nvidia.nemotron-nano-9b-v2 = 0.06 0.23 max 8000 window 128000
        nvidia.nemotron-super-3-120b = 0.15 0.65 max 32000 window 256000
        openai.gpt-oss-120b-1:0 = 0.15 0.6 max 128000 window 128000
        openai.gpt-oss-20b-1:0 = 0.07 0.3 max 128000 window 128000
        qwen.qwen3-235b-a22b-2507-v1:0 = 0.22 0.88 max 131072 window 262144
        qwen.qwen3-32b-v1:0 = 0.15 0.6 max 16384 window 131072
        qwen.qwen3-coder-30b-a3b-v1:0 = 0.15 0.6 max 131072 window 262144
        qwen.qwen3-coder-480b-a35b-v1:0 = 0.45 1.8 max 65536 window 262000
        qwen.qwen3-coder-next = 0.5 1.2 max 16000 window 262144
        qwen.qwen3-next-80b-a3b = 0.15 1.2 max 8000 window 256000
        qwen.qwen3-vl-235b-a22b = 0.53 2.66 max 8000 window 256000
        us-gov.anthropic.claude-3-haiku-20240307-v1:0 = 0.3 1.5 cached 0.03 write 0.375 max 4096 window 200000
        us-gov.anthropic.claude-fable-5-1 = 12 60 cached 0.3 write 15 write1h 24 max 128000 window 1000000
        us-gov.anthropic.claude-opus-4-8 us-gov.anthropic.claude-opus-5 = 6 30 cached 0.6 write 7.5 write1h 12 max 128000 window 1000000
        us-gov.anthropic.claude-opus-5-5 = 4.8 24 cached 0.24 write 6 write1h 9.6 max 128000 window 1000000
        us-gov.anthropic.claude-sonnet-4-5-20250929-v1:0 = 3.6 18 cached 0.36 write 4.5 write1h 7.2 max 64000 window 1000000
            over 200000 7.2 27 cached 0.72 write 9 write1h 14.4
        us-gov.anthropic.claude-sonnet-5 us-gov.anthropic.claude-sonnet-5-5 +
        = 2.4 12 cached 0.24 write 3 write1h 4.8 max 128000 window 1000000
        us-gov.nvidia.nemotron-nano-12b-v2 = 0.24 0.72 max 8192 window 128000
        us-gov.nvidia.nemotron-nano-3-30b = 0.072 0.288 max 8192 window 262144
        us-gov.nvidia.nemotron-nano-9b-v2 = 0.072 0.276 max 8192 window 128000
        us-gov.nvidia.nemotron-super-3-120b = 0.18 0.78 max 32768 window 256000
        us-gov.openai.gpt-oss-120b-1:0 = 0.18 0.72 max 128000 window 128000
        us-gov.openai.gpt-oss-20b-1:0 = 0.084 0.36 max 128000 window 128000
        us-gov.xai.grok-4.6 = 2.64 7.92 cached 0.66 max 500000 window 500000
        us.amazon.nova-premier-v1:0 = 2.5 12.5 max 10000 window 1000000
        us.deepseek.r1-v1:0 = 1.35 5.4 max 4096 window 128000
        us.deepseek.v3.2 = 0.62 1.85 max 163840 window 163840
        us.openai.gpt-5.4 = 2.75 16.5 cached 0.275 max 128000 window 1000000
            over 272000 5.5 24.75 cached 0.55
        us.openai.gpt-5.5 = 5.5 33 cached 0.55 max 128000 window 1000000
            over 272000 11 49.5 cached 1.1
        us.openai.gpt-5.6-luna = 0.22 1.32 cached 0.022 write 0.275 max 128000 window 1000000
            over 272000 0.44 1.98 cached 0.044 write 0.55
        us.openai.gpt-5.6-sol = 4.4 22 cached 0.44 write 5.5 max 128000 window 1000000
            over 272000 8.8 33 cached 0.88 write 11
        us.openai.gpt-5.6-terra = 2.2 13.2 cached 0.22 write 2.75 max 128000 window 1000000
            over 272000 4.4 19.8 cached 0.44 write 5.5
        us.openai.gpt-6-astra = 11 55 cached 1.1 write 13.75 max 128000 window 1050000
            over 272000 22 82.5 cached 2.2 write 27.5
        us.openai.gpt-6-luna = 0.11 0.55 cached 0.011 write 0.1375 max 128000 window 1050000
            over 272000 0.22 0.825 cached 0.022 write 0.275
        us.openai.gpt-6-sol = 2.2 11 cached 0.22 write 2.75 max 128000 window 1050000
            over 272000 4.4 16.5 cached 0.44 write 5.5
        us.openai.gpt-6.1-sol = 2.2 11 cached 0.11 write 2.75 max 131072 window 1050000
            over 272000 4.4 16.5 cached 0.22 write 5.5
        us.writer.palmyra-x4-v1:0 writer.palmyra-x4-v1:0 = 2.5 10 max 8192 window 128000
        us.writer.palmyra-x5-v1:0 writer.palmyra-x5-v1:0 = 0.6 6 max 8192 window 1000000
        us.xai.grok-4.6 us.xai.grok-4.7 = 2.2 6.6 cached 0.55 max 500000 window 500000
            tier flex 1.1 3.3 cached 0.275
            tier priority 3.85 11.55 cached 0.9625
        writer.palmyra-vision-7b = 0.15 0.6 max 4096 window 4096
        zai.glm-4.7 = 0.6 2.2 max 4000 window 203000
        zai.glm-4.7-flash = 0.07 0.4 max 4000 window 203000
        zai.glm-5 = 1 3.2 max 128000 window 200000
        """
}

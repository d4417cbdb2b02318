"""The load of the money test: the clients' requests, and how much of a limit each uses."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from support.crowd import ChatRequest, Outcome

CLIENTS = 1000
#: Routes to providers that bill more than input and output, each with its API: the provider and the prefix of the model's name.
BILLED = {
    "openai": ("openai", "gpt"), "anthropic": ("anthropic", "claude"), "bedrock": ("bedrock", "anthropic.claude"),
    "gemini": ("gemini", "gemini")}
#: How many clients in a hundred send only such requests; the others send requests that succeed. One in ten disconnects.
SHARES = {"leaving": 7, "vanishing": 3, "faulty": 5, "retried": 5, **dict.fromkeys(BILLED, 5)}
ROUTES = ["good", *SHARES]
#: Routes whose requests succeed.
WELL = ["good", "retried", *BILLED]
#: The fake provider's prices (`Tokens.swift`) in US dollars per million tokens: 0.04 is 40 billionths of a dollar per token. The fake
#: provider computes its bill independently of these prices, which configure the gateway.
INPUT, OUTPUT = 0.04, 0.6
CACHED, WRITE, WRITE_1H = 0.004, 0.05, 0.08
#: The factors by which the tiers multiply all prices.
TIERS = {"default": 1.0, "flex": 0.5, "priority": 2.0}


def model_name(route: str) -> str:
    """The prefix of the name of a route's model; Bedrock's names the vendor."""
    return BILLED[route][1] if route in BILLED else route


def price(route: str) -> dict[str, Any]:
    """The element of `prices:` for a route's model."""
    usual = {"input": INPUT, "output": OUTPUT}
    if route not in BILLED:
        return usual
    usual |= {"cached_input": CACHED, "cache_write": WRITE, "cache_write_1h": WRITE_1H}
    return {**usual, "service_tiers": {
        tier: {name: dollars * factor for name, dollars in usual.items()} for tier, factor in TIERS.items() if tier != "default"}}


@dataclass
class Billed:
    """What a provider is to bill for a request in addition to its words."""

    read: int = 0
    write: int = 0
    write_1h: int = 0
    #: The tokens of tool results, which only Gemini reports separately.
    tools: int = 0
    #: The service tier of the response.
    tier: str = "default"

    @property
    def tokens(self) -> int:
        return self.read + self.write + self.write_1h + self.tools

    @property
    def words(self) -> str:
        """The directives for the fake provider, without the tier."""
        counts = {"read": self.read, "write": self.write, "write-1h": self.write_1h, "tools": self.tools}
        return " ".join(f"{name}={count}" for name, count in counts.items() if count)

    def cost(self, words: int, completion: int) -> int:
        """The cost in billionths of a US dollar; `words` is the number of words in the prompt."""
        dollars = (
            (words + self.tools) * INPUT + self.read * CACHED + self.write * WRITE + self.write_1h * WRITE_1H + completion * OUTPUT)
        return round(dollars * TIERS[self.tier] * 1000)


def make_billed_request(route: str, dice: random.Random, name: str) -> ChatRequest:
    """A request to a provider that bills more than input and output, through one of the three APIs, at a tier chosen by the client or
    the provider."""
    api, streams, words = dice.choice(["chat", "messages", "invocations"]), dice.random() < 0.5, dice.randrange(5, 40)
    billed, more = Billed(), {}
    if dice.random() < 0.7:
        billed.read = dice.randrange(15)
        if route != "gemini":
            billed.write = dice.randrange(15)
        if route in ("anthropic", "bedrock"):
            billed.write_1h = dice.randrange(15)
    if route == "gemini":
        billed.tools = dice.choice([0, 7])
    if dice.random() < 0.6:
        # Clients can't choose Anthropic's tiers, and OpenAI may choose a tier itself. Anthropic's API has no names for others' tiers.
        billed.tier = dice.choice(list(TIERS))
        if route in ("openai", "bedrock", "gemini") and api != "messages":
            more["service_tier"] = billed.tier
        elif route in ("bedrock", "gemini"):
            billed.tier = "default"
    chosen = f"tier={billed.tier}" if billed.tier != "default" and not more else ""
    text = f"say {name} [[{' '.join(filter(None, [f'words={words}', billed.words, chosen]))}]]"
    prompt = len(text.split())
    return ChatRequest(
        route, text, max_tokens=words + dice.choice([0, 10]), prompt_tokens=prompt + billed.tokens, completion_tokens=words,
        streams=streams, wants_usage=streams, expected=f'word{words}"', api=api, more=more, cached_tokens=billed.read,
        cache_write_tokens=billed.write + billed.write_1h, cost=billed.cost(prompt, words))
#: The faults of streams and of complete responses.
STREAM_FAULTS = ["reset-after=3", "error-after=3", "end-after=3", "half-event"]
WHOLE_FAULTS = ["status=500", "garbage", "wrong-length"]


def make_request(route: str, dice: random.Random, name: str) -> ChatRequest:
    """A request as the clients of a route send it; the name makes its text unique."""
    if route in BILLED:
        return make_billed_request(route, dice, name)
    streams, words = dice.random() < 0.5, dice.randrange(20, 60)
    pause, linger, leaves_after = "", 0.0, None
    if route == "leaving":
        # Four seconds in all, so that the stream doesn't end before the client disconnects.
        streams, words, pause, leaves_after = True, 40, "pace=0.1", dice.randrange(3, 12)
    elif route == "vanishing":
        # The provider has sent some of these responses, also expensive ones, by the time the gateway notices.
        words, leaves_after, linger = dice.choice([20, 40, 500]), 0, dice.choice([0, 0, 0.02, 0.2])
        pause = "delay=0.1" if linger else ""
    elif route == "faulty":
        pause = dice.choice(STREAM_FAULTS if streams else WHOLE_FAULTS)
    elif route == "retried":
        pause = "status=500 once"
    elif streams and dice.random() < 0.3:
        pause = "pace=0.02"
    elif dice.random() < 0.3:
        # An echo, which no other response contains.
        return ChatRequest(
            route, f"say {name}", max_tokens=10, prompt_tokens=2, completion_tokens=3, streams=streams, wants_usage=streams,
            expected=f'say {name}"' if not streams else f'{name}"')
    text = f"say {name} [[{' '.join(filter(None, [f'words={words}', pause]))}]]"
    return ChatRequest(
        route, text, max_tokens=words + dice.choice([0, 0, 10]), prompt_tokens=len(text.split()), completion_tokens=words,
        streams=streams, wants_usage=streams and dice.random() < 0.7, leaves_after=leaves_after, linger=linger,
        expected=f'word{words}"')


def make_last(name: str) -> ChatRequest:
    """A request that uses up the rest of a limit; all have the same size."""
    return ChatRequest("good", f"say {name} [[words=40]]", max_tokens=40, prompt_tokens=3, completion_tokens=40, expected='word40"')


def make_plans(each: int, test: str) -> list[list[ChatRequest]]:
    """The requests of each client: `each`, but fewer of those that take seconds and more of those that no client waits for. They are
    the same in every run of a test."""
    dice, serials = random.Random(2026), itertools.count()
    numbers = {"leaving": max(1, each // 3), "vanishing": each * 3}
    kinds = [kind for kind, share in SHARES.items() for _ in range(share)]
    kinds += ["good"] * (100 - len(kinds))
    return [
        [make_request(route, dice, f"{test}-{next(serials)}") for _ in range(numbers.get(route, each))]
        for route in (kinds[number % 100] for number in range(CLIENTS))]


@dataclass(frozen=True)
class Unit:
    """What a limit counts, with its name in the configuration."""

    name: str
    #: The amount for prompt and completion tokens, in requests, tokens or billionths of a dollar.
    of: Callable[[int, int], int]

    def worst(self, request: ChatRequest) -> int:
        """What must be reserved: a token has at least one byte, and a message has up to 16 tokens of overhead. Money is reserved for the
        most expensive use of the prompt cache and the most expensive tier."""
        if self.name == "usd" and request.route in BILLED:
            most_expensive = max(INPUT, CACHED, WRITE, WRITE_1H)
            return round(((request.prompt_bytes + 16) * most_expensive + request.max_tokens * OUTPUT) * max(TIERS.values()) * 1000)
        return self.of(request.prompt_bytes + 16, request.max_tokens)

    def used(self, request: ChatRequest) -> int:
        """What a complete response uses."""
        if self.name == "usd" and request.cost is not None:
            return request.cost
        return self.of(request.prompt_tokens, request.completion_tokens)

    def final(self, request: ChatRequest) -> int:
        """The most that may count in the end: all that was reserved, for a request whose usage was not reported."""
        if request.outcome in (Outcome.REJECTED, Outcome.UNSENT):
            return 0
        if request.outcome is Outcome.DONE:
            return self.used(request)
        if request.outcome is Outcome.FAILED and request.status == 500 and self.name != "requests":
            return 0  # The provider itself rejected it.
        return self.worst(request)


REQUESTS = Unit("requests", lambda prompt, completion: 1)
TOKENS = Unit("tokens", lambda prompt, completion: prompt + completion)
# Both prices are whole billionths of a dollar per token.
MONEY = Unit("usd", lambda prompt, completion: prompt * round(INPUT * 1000) + completion * round(OUTPUT * 1000))


def expected(unit: Unit, plans: Sequence[Sequence[ChatRequest]]) -> int:
    """What all requests use if none is rejected: the usage of those that succeed, and the reservations of the others."""
    return sum(
        unit.used(request) if request.route in WELL else unit.worst(request)
        for request in itertools.chain.from_iterable(plans))

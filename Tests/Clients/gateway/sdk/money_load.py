"""The load of the money test: who asks what, and what it takes of a limit."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from support.crowd import Ask, Outcome

CLIENTS = 1000
#: Routes to providers that bill more than input and output, in the forms of their APIs: provider and beginning of the model's name.
BILLED = {
    "openai": ("openai", "gpt"), "anthropic": ("anthropic", "claude"), "bedrock": ("bedrock", "anthropic.claude"),
    "gemini": ("gemini", "gemini")}
#: Of a hundred clients, how many only make such requests; the others make requests that end well. One in ten disconnects.
SHARES = {"leaving": 7, "vanishing": 3, "faulty": 5, "retried": 5, **dict.fromkeys(BILLED, 5)}
ROUTES = ["good", *SHARES]
#: Routes whose requests end well.
WELL = ["good", "retried", *BILLED]
#: US dollars for a million tokens, that is thousandths of a billionth for one: what the fake provider charges (`Tokens.swift`), which
#: makes its bill without knowing what the gateway is told here.
INPUT, OUTPUT = 0.04, 0.6
CACHED, WRITE, WRITE_1H = 0.004, 0.05, 0.08
#: By which the tiers multiply all prices.
TIERS = {"default": 1.0, "flex": 0.5, "priority": 2.0}


def model_name(route: str) -> str:
    """The beginning of the name of a route's model, of which Bedrock's tells the maker."""
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
    """What a provider is to bill for a request, beside its words."""

    read: int = 0
    write: int = 0
    write_1h: int = 0
    #: What tools give the model to read, which only Gemini tells apart.
    tools: int = 0
    #: The tier that answers.
    tier: str = "default"

    @property
    def tokens(self) -> int:
        return self.read + self.write + self.write_1h + self.tools

    @property
    def words(self) -> str:
        """The directives for it, but for the tier."""
        counts = {"read": self.read, "write": self.write, "write-1h": self.write_1h, "tools": self.tools}
        return " ".join(f"{name}={count}" for name, count in counts.items() if count)

    def cost(self, words: int, completion: int) -> int:
        """In billionths of a US dollar; `words` are those of the prompt."""
        dollars = (
            (words + self.tools) * INPUT + self.read * CACHED + self.write * WRITE + self.write_1h * WRITE_1H + completion * OUTPUT)
        return round(dollars * TIERS[self.tier] * 1000)


def make_billed_ask(route: str, dice: random.Random, name: str) -> Ask:
    """A request to a provider that bills more than input and output, by one of the three APIs, at a tier that the client asks for or
    the provider chooses."""
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
        # Anthropic's tiers are no choice of the client's, and OpenAI may choose one itself. Anthropic's API names no tier of others.
        billed.tier = dice.choice(list(TIERS))
        if route in ("openai", "bedrock", "gemini") and api != "messages":
            more["service_tier"] = billed.tier
        elif route in ("bedrock", "gemini"):
            billed.tier = "default"
    chosen = f"tier={billed.tier}" if billed.tier != "default" and not more else ""
    text = f"say {name} [[{' '.join(filter(None, [f'words={words}', billed.words, chosen]))}]]"
    prompt = len(text.split())
    return Ask(
        route, text, max_tokens=words + dice.choice([0, 10]), prompt_tokens=prompt + billed.tokens, completion_tokens=words,
        streams=streams, wants_usage=streams, expected=f'word{words}"', api=api, more=more, cached_tokens=billed.read,
        cache_write_tokens=billed.write + billed.write_1h, cost=billed.cost(prompt, words))
#: Of streams and of whole answers.
STREAM_FAULTS = ["reset-after=3", "error-after=3", "end-after=3", "half-event"]
WHOLE_FAULTS = ["status=500", "garbage", "wrong-length"]


def make_ask(route: str, dice: random.Random, name: str) -> Ask:
    """A request as the clients of a route make them; the name makes its text one of its own."""
    if route in BILLED:
        return make_billed_ask(route, dice, name)
    streams, words = dice.random() < 0.5, dice.randrange(20, 60)
    pause, linger, leaves_after = "", 0.0, None
    if route == "leaving":
        # Four seconds in all, so that nobody has the end before the client leaves.
        streams, words, pause, leaves_after = True, 40, "pace=0.1", dice.randrange(3, 12)
    elif route == "vanishing":
        # The provider has given some of these answers by the time that the gateway hears of it: dear ones, too.
        words, leaves_after, linger = dice.choice([20, 40, 500]), 0, dice.choice([0, 0, 0.02, 0.2])
        pause = "delay=0.1" if linger else ""
    elif route == "faulty":
        pause = dice.choice(STREAM_FAULTS if streams else WHOLE_FAULTS)
    elif route == "retried":
        pause = "status=500 once"
    elif streams and dice.random() < 0.3:
        pause = "pace=0.02"
    elif dice.random() < 0.3:
        # An echo: this can be told from any other answer.
        return Ask(
            route, f"say {name}", max_tokens=10, prompt_tokens=2, completion_tokens=3, streams=streams, wants_usage=streams,
            expected=f'say {name}"' if not streams else f'{name}"')
    text = f"say {name} [[{' '.join(filter(None, [f'words={words}', pause]))}]]"
    return Ask(
        route, text, max_tokens=words + dice.choice([0, 0, 10]), prompt_tokens=len(text.split()), completion_tokens=words,
        streams=streams, wants_usage=streams and dice.random() < 0.7, leaves_after=leaves_after, linger=linger,
        expected=f'word{words}"')


def make_last(name: str) -> Ask:
    """A request for what is left of a limit; all are of one size."""
    return Ask("good", f"say {name} [[words=40]]", max_tokens=40, prompt_tokens=3, completion_tokens=40, expected='word40"')


def make_plans(each: int, test: str) -> list[list[Ask]]:
    """The requests of each client: `each`, but fewer of those that take seconds, and more of those that nobody waits for. They are
    the same in each run of a test."""
    dice, serials = random.Random(2026), itertools.count()
    numbers = {"leaving": max(1, each // 3), "vanishing": each * 3}
    kinds = [kind for kind, share in SHARES.items() for _ in range(share)]
    kinds += ["good"] * (100 - len(kinds))
    return [
        [make_ask(route, dice, f"{test}-{next(serials)}") for _ in range(numbers.get(route, each))]
        for route in (kinds[number % 100] for number in range(CLIENTS))]


@dataclass(frozen=True)
class Unit:
    """What a limit counts, and its name in the configuration."""

    name: str
    #: Of tokens of prompts and of answers, in requests, tokens or billionths of a dollar.
    of: Callable[[int, int], int]

    def worst(self, ask: Ask) -> int:
        """What must be reserved: a token is a byte at least, and a message has up to 16 tokens around it. Money is reserved for the
        dearest use of the prompt cache and the dearest tier."""
        if self.name == "usd" and ask.route in BILLED:
            dearest = max(INPUT, CACHED, WRITE, WRITE_1H)
            return round(((ask.prompt_bytes + 16) * dearest + ask.max_tokens * OUTPUT) * max(TIERS.values()) * 1000)
        return self.of(ask.prompt_bytes + 16, ask.max_tokens)

    def used(self, ask: Ask) -> int:
        """What a whole answer takes."""
        if self.name == "usd" and ask.cost is not None:
            return ask.cost
        return self.of(ask.prompt_tokens, ask.completion_tokens)

    def final(self, ask: Ask) -> int:
        """What is certain to count in the end, at most: of a request whose usage nobody has told, all that was reserved."""
        if ask.outcome in (Outcome.REFUSED, Outcome.UNSENT):
            return 0
        if ask.outcome is Outcome.DONE:
            return self.used(ask)
        if ask.outcome is Outcome.FAILED and ask.status == 500 and self.name != "requests":
            return 0  # The provider itself has refused it.
        return self.worst(ask)


REQUESTS = Unit("requests", lambda prompt, completion: 1)
TOKENS = Unit("tokens", lambda prompt, completion: prompt + completion)
# Both prices are whole billionths for a token.
MONEY = Unit("usd", lambda prompt, completion: prompt * round(INPUT * 1000) + completion * round(OUTPUT * 1000))


def expected(unit: Unit, plans: Sequence[Sequence[Ask]]) -> int:
    """What all requests take if none is refused: of those that end well what they use, of others what is reserved."""
    return sum(
        unit.used(ask) if ask.route in WELL else unit.worst(ask)
        for ask in itertools.chain.from_iterable(plans))

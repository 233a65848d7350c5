"""A double of Telegram's Bot API server: bots talk to it over HTTP, people live in it as objects.

It follows the public documentation and the wording of Telegram's published server, and shares no code with any client.
Every documented limit that a bot breaks is answered with an error and noted in `violations`.

    async with running(BotApiOptions()) as server:
        bot = telegram.Bot(server.options.token, f"{server.url}/bot", f"{server.url}/file/bot")
        ...                                  # bot.set_webhook(url, secret_token=...), or bot.get_updates()

        amina = server.person(1001, first_name="Amina", language_code="sw", phone="+255712345678")
        await amina.start()                  # returns as soon as the server has taken it
        await amina.sees("Karibu")           # waits; the error of a time-out shows her chat
        await amina.press("Lipa bili")       # by text, by a part of it, or by callback data
        await amina.share_contact()          # by the button that asks for it
        await amina.say("53000")
        screen = await amina.settled()       # the bot took everything and was still for a moment
        assert screen.captions == [["Ndiyo", "Hapana"]]
        assert amina.toasts == [] and amina.chat.messages[-1].text == "53000"

        server.fail_next("sendMessage", "drop")          # 500, 502, garbage, drop, drop_before, slow
        server.flood(3, chat_id=1001)                    # 429; server.ignored_floods counts who does not wait
        server.hold(); ...; server.release([second, first]); await server.deliver_again(first)
        await server.quiet()                             # the bot has every update

        assert server.violations == []
        assert server.unanswered_queries(older_than_s=0) == []
"""

from adapters.botapi.app import running
from adapters.botapi.changes import Change
from adapters.botapi.groups import Group
from adapters.botapi.messages import Message, Toast
from adapters.botapi.options import BotApiOptions
from adapters.botapi.payments import Payment
from adapters.botapi.people import Person, Pressed
from adapters.botapi.screens import Cannot, ChatView
from adapters.botapi.seen import Button, Seen
from adapters.botapi.server import Record, Server
from adapters.botapi.updates import Update

__all__ = [
    "BotApiOptions",
    "Button",
    "Cannot",
    "Change",
    "ChatView",
    "Group",
    "Message",
    "Payment",
    "Person",
    "Pressed",
    "Record",
    "Seen",
    "Server",
    "Toast",
    "Update",
    "running",
]

"""A whole conversation, as a test of a bot would tell it."""

from __future__ import annotations

from telegram import (
    Bot,
    CallbackQuery,
    Contact,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    Update,
)

from adapters.botapi import Server
from tests.botapi.listener import SECRET, Listener

LANGUAGES = InlineKeyboardMarkup([[InlineKeyboardButton("Kiswahili", callback_data="sw", style="primary")]])
ASK_CONTACT = ReplyKeyboardMarkup([[KeyboardButton("Tuma namba", request_contact=True)]], one_time_keyboard=True)


async def test_a_bot_and_a_person_talk(server: Server, bot: Bot, listener: Listener):
    async def answer(raw: dict[str, object]) -> None:
        update = Update.de_json(raw, bot)
        match update:
            case Update(callback_query=CallbackQuery() as query):
                await query.answer("Asante")
                await query.edit_message_text("<b>Kiswahili</b> it is", parse_mode="HTML")
                await bot.send_message(query.from_user.id, "Your number?", reply_markup=ASK_CONTACT)
            case Update(message=Message(contact=Contact() as contact) as message):
                await message.reply_text(
                    f"{contact.phone_number} {contact.user_id}", reply_markup=ReplyKeyboardRemove()
                )
            case Update(message=Message(text="/start") as message):
                await message.reply_text("Which language?", reply_markup=LANGUAGES)

    listener.then = answer
    await bot.set_webhook(listener.url, secret_token=SECRET)
    amina = server.person(1001, first_name="Amina", language_code="sw", phone="+255712345678")

    await amina.start()
    await amina.sees("Which language?")
    assert amina.screen.captions == [["Kiswahili"]]
    await amina.press("Kisw")
    await amina.sees("Your number?")
    await amina.press("Tuma namba")
    await amina.sees("+255712345678 1001")
    await amina.settled()

    assert [seen.html for seen in amina.chat.messages if seen.from_bot] == [
        "<b>Kiswahili</b> it is",
        "Your number?",
        "+255712345678 1001",
    ]
    assert [toast.text for toast in amina.toasts] == ["Asante"]
    assert amina.keyboard == ()
    assert server.violations == []
    assert server.unanswered_queries(older_than_s=0) == []

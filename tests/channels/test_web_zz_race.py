import asyncio
from bot.dialogue import Dialogue
from bot.rasa import RasaClient
from bot.channels.ports import Incoming
async def test_race(postgresql_backend):
    d = Dialogue(postgresql_backend.open_uow, RasaClient("http://127.0.0.1:9", "x"))
    await asyncio.gather(*(d.hear(Incoming("web","s1","😀"), deliver=False) for _ in range(4)))

"""How documents are searched for."""

from contracts.documents import SearchDocuments, SearchPage
from screens import documents as screens
from services.bot.documents.adding import FRONT_DOOR
from services.bot.searching import Search

SEARCH = Search(
    name="documents.search",
    query=SearchDocuments,
    found=SearchPage,
    screen=screens.found,
    question=screens.ask_words,
    home=FRONT_DOOR.home,
)

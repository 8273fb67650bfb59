import contextvars
import threading

from mangum import Mangum
from starlette.applications import Starlette
from starlette.routing import Route

from ledger import Ledger

local = threading.local()
current = contextvars.ContextVar("current")


def show(request):
    local.book = Ledger("thread")
    current.set(Ledger("context"))
    local.book.read("a")
    current.get().read("b")
    return request.app.state.books.read(request.path_params["key"])


app = Starlette(routes=[Route("/{key}", show)])
app.state.books = Ledger("state")
handler = Mangum(app)

import importlib

from lib import Store, make_store as build
from lib.deep import *
from lib import names as n
import lib.clients.queue
import lib.clients.queue as jobs


def handler(event, context):
    Store().save(event)
    build("second").save(event)
    starred("third")
    lib.clients.queue.send("q1")
    jobs.send("q2")
    n.ssm.get_parameter(Name=n.PARAMETER)  #? ssm.GetParameter Name=/app/p
    importlib.import_module("lib.plugins.mail").run()
    importlib.import_module(".plugins.chat", package="lib").run()
    __import__("lib.plugins.audit").plugins.audit.run()

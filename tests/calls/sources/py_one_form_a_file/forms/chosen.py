import importlib

MODULES = {"mail": "forms.mail", "push": "forms.push"}


def run(event):
    importlib.import_module(MODULES[event["kind"]]).send()

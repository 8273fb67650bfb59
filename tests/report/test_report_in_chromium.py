"""The page in headless Chromium: what a reader can do with it, and what a hostile project cannot."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from scopedown.cli.main import cli
from scopedown.report.model import (
    Comparison,
    Edge,
    FunctionPart,
    Graph,
    Needed,
    Node,
    Objection,
    Page,
    Policy,
    ProjectPart,
    Reason,
)
from scopedown.report.page import page as page_of

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra dev)")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine (Debian: apt install chromium)"),
]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TODOS = Path(__file__).resolve().parent.parent.parent / "examples" / "todos"
READY = "html[data-ready]"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as play:
        launched = play.chromium.launch(executable_path=CHROMIUM, headless=True, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def todos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("report") / "todos.html"
    done = CliRunner().invoke(cli, ["report", str(TODOS), "-o", str(file)])
    assert done.exit_code == 0, done.output
    return file


@pytest.fixture
def opened(browser: Any) -> Iterator[Any]:
    """``opened(file, …)``: a page of a context of its own; ``page.wrong`` has all errors and all requests of it."""
    contexts = []

    def open_page(file: Path, scripts: bool = True, fragment: str = "", **settings: Any) -> Any:
        context = browser.new_context(java_script_enabled=scripts, **settings)
        contexts.append(context)
        page = context.new_page()
        page.wrong = []
        page.on("console", lambda message: page.wrong.append(message.text))
        page.on("pageerror", lambda error: page.wrong.append(str(error)))
        page.on("dialog", lambda dialog: (page.wrong.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: page.wrong.append(request.url) if request.url != start else None)
        start = file.as_uri()
        page.goto(start + fragment)
        if scripts:
            page.wait_for_selector(READY, state="attached")
        return page

    yield open_page
    for context in contexts:
        context.close()


def shown(page: Any) -> list[str]:
    return page.locator(".function:visible > summary .name").all_text_contents()


def view(page: Any) -> dict[str, Any]:
    page.wait_for_timeout(250)  # the graph follows a pause of 120 ms
    return page.evaluate("Graph.view()")


def focused(page: Any) -> str:
    return page.evaluate("document.activeElement.id || document.activeElement.innerText.split('\\n')[0]")


def test_the_page_opens_from_a_folder_with_its_graph_and_asks_for_nothing_else(opened: Any, todos: Path) -> None:
    page = opened(todos)
    assert view(page)["nodes"] == 6 and view(page)["edges"] == 7
    page.check("#settings")
    assert view(page)["nodes"] == 9
    page.uncheck("#events")
    assert view(page)["nodes"] == 8
    assert page.wrong == []


@pytest.mark.parametrize("fragment", ["#%", "#%E0%A4%A", "#nowhere"])
def test_a_link_that_is_written_wrong_leads_nowhere_and_harms_nothing(opened: Any, todos: Path, fragment: str) -> None:
    page = opened(todos, fragment=fragment)
    assert view(page)["nodes"] == 6 and page.wrong == []


def test_the_filter_narrows_the_list_and_the_graph_and_says_how_many_are_left(opened: Any, todos: Path) -> None:
    page = opened(todos)
    page.keyboard.press("/")
    page.keyboard.type("dynamodb: query")
    assert shown(page) == ["list"]
    assert page.text_content("#shown") == "1 of 3 functions"
    assert view(page) | {"zoom": 0, "pan": 0} == {"nodes": 3, "edges": 2, "zoom": 0, "pan": 0}
    page.keyboard.type(" none")
    assert shown(page) == [] and page.locator(".nothing:visible").count() == 1
    page.keyboard.press("Escape")
    assert shown(page) == ["create", "list", "attach"] and view(page)["nodes"] == 6
    page.select_option("#show", "errors")
    assert shown(page) == []
    page.select_option("#show", "wide")
    assert len(shown(page)) == 3


def test_all_can_be_done_with_the_keyboard(opened: Any, todos: Path) -> None:
    page = opened(todos)
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to the functions"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    page.keyboard.press("/")
    assert focused(page) == "filter"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert focused(page) == "list"
    page.keyboard.press("End")
    assert focused(page) == "attach"
    page.keyboard.press("Enter")
    assert page.locator("#p0f2[open]").count() == 1
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Escape")
    assert page.locator(".function[open]").count() == 0 and focused(page) == "attach"
    before = view(page)["pan"]["y"]
    page.focus("#canvas")
    page.keyboard.press("ArrowUp")
    assert view(page)["pan"]["y"] == before + 60
    page.keyboard.press("+")
    assert view(page)["zoom"] > 0
    page.keyboard.press("0")
    assert view(page)["pan"]["y"] == before
    assert page.wrong == []


def test_every_control_is_reached_by_tab_and_has_a_name(opened: Any, todos: Path) -> None:
    page = opened(todos)
    reached = []
    for _ in range(24):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.tagName"))
    assert reached[:9] == ["A", "filter", "show", "theme", "events", "settings", "fit", "closer", "farther"]
    # The table of functions has seven headings that sort and three links.
    assert reached[9:] == ["canvas", *["BUTTON"] * 7, *["A"] * 3, "SUMMARY", "SUMMARY", "SUMMARY", "A"]
    names = page.evaluate(
        """[...document.querySelectorAll('input, select, button, #canvas')].filter((one) => one.checkVisibility()).map(
            (one) => one.getAttribute('aria-label') || one.labels?.[0]?.innerText || one.innerText)"""
    )
    assert len(names) == 16 and all(name.strip() for name in names)


def test_a_link_to_a_function_opens_it_and_a_click_in_the_graph_too(opened: Any, todos: Path) -> None:
    page = opened(todos, fragment="#p0f1")
    assert page.locator(".function[open] > summary .name").all_text_contents() == ["list"]
    page.keyboard.press("Escape")
    at = page.evaluate("Graph.at('f2')")
    page.locator("#canvas").scroll_into_view_if_needed()
    page.locator("#canvas").click(position=at)
    page.wait_for_selector("#p0f2[open]")
    assert page.wrong == []


def test_dark_and_light_follow_the_system_and_the_button(opened: Any, todos: Path) -> None:
    page = opened(todos, color_scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) == "rgb(20, 24, 29)" and page.text_content("#theme") == "Light"
    page.click("#theme")
    assert page.evaluate(ground) == "rgb(255, 255, 255)" and page.text_content("#theme") == "Dark"
    page.emulate_media(media="print")
    assert page.locator("#bar:visible, #graph:visible").count() == 0
    assert page.evaluate(ground) == "rgb(255, 255, 255)"


@pytest.mark.parametrize("width", [360, 1024, 1600])
def test_nothing_sticks_out_of_the_window(opened: Any, todos: Path, width: int) -> None:
    page = opened(todos, viewport={"width": width, "height": 800})
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert view(page)["nodes"] == 6


def test_without_scripts_everything_is_there_to_read(opened: Any, todos: Path) -> None:
    page = opened(todos, scripts=False)
    assert shown(page) == ["create", "list", "attach"]
    assert page.locator("#bar:visible, #graph:visible").count() == 0
    page.locator("#p0f0 > summary").click()
    assert page.get_by_text("todos/store.py:13:5 dynamodb.PutItem (boto3)").first.is_visible()
    assert page.locator("noscript").count() == 1


HOSTILE = (
    "</script><script>window.hit=1</script>",
    "<img src=https://example.invalid/x onerror=window.hit=2>",
    "\"'><svg onload=window.hit=3>",
    "<!--<script>",
    "javascript:window.hit=4",
    "]]>\u2028window.hit=5\u2029//\u202e",
    "${alert(1)}{{7*7}}",
)


def hostile_page() -> Page:
    """Every text that can come from a project is a hostile one."""
    name = "".join(HOSTILE)
    need = Needed((name,), ((name, "unknown"),), (name,), "code", (), (name,))
    problems = (Objection(name, name, "error", name, name, name, (name,), (name,), True),)
    function = FunctionPart(
        name, name, name, name, (name,), (need,), Comparison((), 1, 1, name), (0,), (name,), (name,), (name,), name,
        (name,), ((name, (need,)),), (Policy(name, name, name), Policy(name, name, name)),
    )  # fmt: skip
    nodes = (Node("e0", "event", name, name), Node("f0", "function", name, name, 0), Node("r0", "resource", name, name))
    edges = (Edge("e0", "f0", (name,)), Edge("f0", "r0", (name,)))
    project = ProjectPart(name, ((name, name), ("project", name)), (function,), problems, problems, Graph(nodes, edges))
    return Page(name, (project, project), (name,))


def test_a_hostile_project_runs_nothing_and_asks_for_nothing(opened: Any, tmp_path: Path) -> None:
    file = tmp_path / "hostile.html"
    file.write_text(page_of(hostile_page()), encoding="utf-8")
    page = opened(file)
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    page.fill("#filter", "<img src=x onerror=window.hit=6>")
    page.fill("#filter", "<img src")
    assert len(shown(page)) == 1 and shown(page)[0].startswith(HOSTILE[0])
    page.select_option("#project", "1")
    assert view(page)["nodes"] == 3
    assert page.evaluate("window.hit") is None
    assert page.locator("img, svg, article script").count() == 0
    assert page.wrong == []


def test_the_policy_of_the_page_would_stop_what_came_in_all_the_same(opened: Any, todos: Path) -> None:
    page, refused = opened(todos), []
    page.on("requestfailed", lambda request: refused.append(f"{request.url} {request.failure}"))
    page.evaluate(
        """() => {
        const script = document.createElement('script');
        script.textContent = 'window.hit = 1';
        document.body.append(script);
        document.body.insertAdjacentHTML('beforeend', '<img src="https://example.invalid/a" onerror="window.hit=2">');
        }"""
    )
    page.wait_for_timeout(300)
    assert page.evaluate("window.hit") is None
    assert page.evaluate("fetch('https://example.invalid/b').then(() => 'sent', () => 'refused')") == "refused"
    # Chromium tells of the image as of a request that failed before it was sent.
    assert refused == ["https://example.invalid/a csp"]
    said = [one for one in page.wrong if not one.startswith("https:")]
    assert len(said) >= 4 and all("Content Security Policy" in one for one in said)


def test_one_project_is_shown_at_a_time_and_links_change_it(opened: Any, tmp_path: Path) -> None:
    file = tmp_path / "several.html"
    one = ProjectPart("one", (("project", "one.yml"),), (), (), (), Graph((Node("f0", "function", "f", "", 0),)))
    two = ProjectPart("two", (("project", "two.yml"),), (), (), (), Graph())
    file.write_text(page_of(Page("1", (one, two))), encoding="utf-8")
    page = opened(file)
    assert page.locator("article:visible").count() == 1
    page.get_by_role("link", name="two.yml (two)").click()
    assert page.locator("article:visible h2").text_content() == "two"
    assert page.input_value("#project") == "1"
    assert page.locator("#graph:visible").count() == 0
    page.select_option("#project", "0")
    assert page.locator("article:visible h2").text_content() == "one"
    assert page.wrong == []


def clipboard(page: Any) -> str:
    return page.evaluate("navigator.clipboard.readText()")


def test_a_policy_is_copied_in_the_form_that_is_shown(opened: Any, todos: Path) -> None:
    page = opened(todos, fragment="#p0f0", permissions=["clipboard-read", "clipboard-write"])
    box = page.locator("#p0f0 .policies")
    box.get_by_role("button", name="Copy YAML").click()
    box.get_by_text("Copied").wait_for()
    assert clipboard(page).startswith("iam:\n  role:\n    statements:\n") and "!GetAtt TodosTable.Arn" in clipboard(
        page
    )
    box.get_by_role("button", name="JSON", exact=True).press("Enter")
    assert box.locator("pre:visible").get_attribute("aria-label") == "Policy of create as JSON"
    assert box.locator("[aria-pressed=true]").all_text_contents() == ["JSON"]
    assert "Details" not in box.inner_text()
    box.get_by_role("button", name="Copy JSON").press("Enter")
    box.get_by_text("Copied").wait_for()
    assert json.loads(clipboard(page))["Version"] == "2012-10-17"
    assert page.wrong == []


def test_where_the_clipboard_is_refused_the_text_is_selected(opened: Any, todos: Path) -> None:
    page = opened(todos, fragment="#p0f0")
    page.evaluate(
        "() => { navigator.clipboard.writeText = () => Promise.reject(Error()); document.execCommand = () => false; }"
    )
    box = page.locator("#p0f0 .policies")
    box.get_by_role("button", name="Copy YAML").click()
    box.get_by_text("press Ctrl+C").wait_for()
    assert page.evaluate("getSelection().toString()").startswith("iam:\n")


def shop(folder: Path) -> Path:
    """Twenty functions on five tables, eight users each; the second function has an error, the third a warning."""
    tables = [Node(f"r{number}", "resource", f"Table{number}", "DynamoDB Table") for number in range(5)]
    names = [f"{does}Thing{number}" for number in range(5) for does in ("create", "read", "update", "delete")]
    boxes = [Node(f"f{number}", "function", name, "", number) for number, name in enumerate(names)]
    problems = (
        Objection("SD203", "wildcard-action", "warning", "wide", "", "serverless.yml:9", (names[2],)),
        Objection("SD101", "missing-permission", "error", "denied", "", "app.py:7", (names[1],)),
    )
    edges = [Edge("e0", box.id, ("GET /things",)) for box in boxes]
    for number, box in enumerate(boxes):
        for table in (number // 4, (number // 4 + 1 + number % 4) % 5):
            few = (
                "dynamodb:GetItem",
                "dynamodb:Query",
                "dynamodb:PutItem",
                "dynamodb:UpdateItem",
                "dynamodb:DeleteItem",
            )
            edges.append(Edge(box.id, f"r{table}", few[number % 5 :] + few[: number % 3], access="rw"))
    called = Needed(("dynamodb:GetItem",), (("table", "resolved"),), (), "code", (Reason("app.py:7:3 get_item"),))
    functions = tuple(
        FunctionPart(
            name, "app.py:f", "python3.12", "Role", (), (called,), Comparison(),
            {1: (1,), 2: (0,)}.get(number, ()), (), (), (), "whole", (), (), (Policy("JSON", "", "{}"),),
        )
        for number, name in enumerate(names)
    )  # fmt: skip
    graph = Graph((Node("e0", "event", "HTTP"), *boxes, *tables), tuple(edges))
    project = ProjectPart("shop", (("project", "serverless.yml"),), functions, problems, (), graph)
    quiet = ProjectPart("quiet", (("project", "quiet/serverless.yml"),), (), (), (), Graph())
    file = folder / "shop.html"
    file.write_text(page_of(Page("1", (quiet, project))), encoding="utf-8")
    return file


def texts(page: Any, selector: str) -> list[str]:
    return page.locator(selector).all_text_contents()


def test_the_worst_comes_first_and_the_headings_sort_the_table_and_the_list(opened: Any, tmp_path: Path) -> None:
    page = opened(shop(tmp_path))
    assert texts(page, ".projects tbody a") == ["serverless.yml (shop)", "quiet/serverless.yml"]
    assert shown(page)[:3] == ["readThing0", "updateThing0", "createThing0"]
    errors, names = (page.locator(f".list th[scope=col]:has-text('{title}')") for title in ("Errors", "Function"))
    assert errors.get_attribute("aria-sort") == "descending" and names.get_attribute("aria-sort") is None
    names.get_by_role("button").press("Enter")
    assert names.get_attribute("aria-sort") == "ascending" and errors.get_attribute("aria-sort") is None
    assert shown(page) == sorted(shown(page)) == texts(page, ".list tbody a")
    names.get_by_role("button").press("Enter")
    assert names.get_attribute("aria-sort") == "descending" and shown(page)[0] == "updateThing4"
    page.locator(".list th:has-text('Warnings') button").click()
    assert shown(page)[:2] == ["updateThing0", "readThing0"]
    page.fill("#filter", "readthing")
    assert len(texts(page, ".list tbody tr:visible a")) == 5
    assert page.wrong == []


def test_a_finding_is_next_to_the_call_that_it_names(opened: Any, tmp_path: Path) -> None:
    page = opened(shop(tmp_path), fragment="#p0f1")
    call = page.locator("#p0f1 .needs td:nth-child(3)")
    assert "app.py:7:3 get_item" in call.inner_text() and "SD101 missing-permission" in call.inner_text()
    assert page.locator("#p0f1 .body > .references").count() == 0
    assert page.locator("#p0f2 .body > .references").count() == 1


def meeting(boxes: list[dict[str, float]]) -> int:
    """How many pairs of boxes overlap by more than half a pixel."""
    return sum(
        min(a["x2"], b["x2"]) - max(a["x1"], b["x1"]) > 0.5 and min(a["y2"], b["y2"]) - max(a["y1"], b["y1"]) > 0.5
        for number, a in enumerate(boxes)
        for b in boxes[number + 1 :]
    )


@pytest.mark.parametrize("width", [360, 1024, 1600])
def test_no_label_of_twenty_functions_on_five_tables_meets_another(opened: Any, tmp_path: Path, width: int) -> None:
    page = opened(shop(tmp_path), viewport={"width": width, "height": 900})
    for events in (True, False):
        page.set_checked("#events", events)
        view(page)
        kinds = ("event", "function", "resource") if events else ("function", "resource")
        nodes = [box for kind in kinds for box in page.evaluate("kind => Graph.boxes(kind)", kind)]
        assert len(nodes) == 25 + events and meeting(nodes) == 0
        for chosen in [
            [],
            *([f"r{number}"] for number in range(5)),
            *([f"f{number}"] for number in range(20)),
            ["f1", "f6"],
        ]:
            page.evaluate("ids => Graph.light(ids)", chosen)
            labels = page.evaluate("Graph.boxes('label')")
            assert meeting(labels) == 0
            if chosen and chosen[0] in ("r0", "f1") and len(chosen) == 1 and width > 360:
                assert len(labels) == (8 if chosen == ["r0"] else 2 + events)
    page.evaluate("Graph.light(['r0'])")
    assert page.text_content("#chosen").startswith("Functions of Table0: createThing0 (dynamodb:GetItem,")
    assert page.wrong == []

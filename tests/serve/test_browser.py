"""The page in headless Chromium: from a pasted text to facts, evidence, files and dossiers, by mouse, keys and phone."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from summarizer.errors import EndpointUnavailable
from summarizer.llm.base import Reply, Request
from tests.conftest import ANSWERS, ARTICLE, FakeModel
from tests.serve.serving import desk_with, served

selenium = pytest.importorskip("selenium")
from selenium import webdriver  # noqa: E402
from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.common.keys import Keys  # noqa: E402
from selenium.webdriver.support.ui import WebDriverWait  # noqa: E402

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="needs chromium and chromedriver"),
]
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,1000",
]
EVIL = '<img src=x onerror="document.title=1"><script>document.title=2</script>'
TOKEN = "a-token-of-some-length"  # noqa: S105 - for tests


class Answering(FakeModel):
    """Takes a moment for each request; waits for ever where the article says so, and fails where it says so."""

    cancelled = 0
    pause = 0.03

    async def ask(self, request: Request[Any]) -> Reply[Any]:
        try:
            await asyncio.sleep(60 if "Slowford" in request.article else self.pause)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if "Deadwood" in request.article:
            raise EndpointUnavailable("The model's server is gone. Start it again.")
        return await super().ask(request)


class Page:
    """A page of a server, and what its user does."""

    def __init__(self, driver: Any, address: str, downloads: Path, model: Answering) -> None:
        self.driver, self.address, self.downloads, self.model = driver, address, downloads, model

    def open(self, fragment: str = "") -> None:
        self.driver.get("about:blank")
        self.driver.get(f"{self.address}/{fragment}")

    def all(self, selector: str) -> list[Any]:
        return list(self.driver.find_elements(By.CSS_SELECTOR, selector))

    def one(self, selector: str) -> Any:
        return self.until(lambda: self.all(selector))[0]

    def until(self, found: Callable[[], Any]) -> Any:
        return WebDriverWait(self.driver, 15, 0.05).until(lambda _: found())

    def read(self, text: str) -> None:
        self.one("#model option")
        self.driver.execute_script("arguments[0].value = arguments[1]", self.one("#text"), text)
        self.one("#ask .main").click()

    def done(self) -> None:
        self.until(lambda: [one for one in self.all("#jobs .told") if one.text.endswith("facts")])
        self.one("#record .downloads")

    def fact(self, label: str) -> Any:
        return next(one for one in self.all("#record .fact") if one.text.startswith(label))

    def press(self, element: Any) -> None:
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
        element.click()

    def tab(self) -> None:
        webdriver.ActionChains(self.driver).send_keys(Keys.TAB).perform()

    def lit(self) -> list[str]:
        return [one.text for one in self.all("mark.on")]

    def focused(self) -> Any:
        return self.driver.switch_to.active_element

    def phone(self) -> None:
        size = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)

    def media(self, **features: str) -> None:
        given = {
            "features": [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        }
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", given)


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    started = webdriver.Chrome(options=options, service=webdriver.ChromeService(str(DRIVER)))
    yield started
    started.quit()


@pytest.fixture
def page(driver: Any, tmp_path: Path) -> Iterator[Page]:
    """A page that was opened; at the end its console has no error, which a refused script would be."""
    driver.execute_cdp_cmd(
        "Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)}
    )
    driver.get_log("browser")
    model = Answering(ANSWERS)
    with served(desk_with(model)) as address:
        made = Page(driver, address, tmp_path, model)
        made.open()
        yield made
        driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        driver.get("about:blank")
    told = [entry["message"] for entry in driver.get_log("browser") if entry["level"] == "SEVERE"]
    assert [line for line in told if "the server responded with a status of" not in line] == []


def test_from_a_pasted_text_to_the_file(page: Page) -> None:
    """Facts appear before the record is there; a fact lights its sentence, a sentence its facts; the files are saved."""
    page.model.pause = 0.5
    page.read(ARTICLE)
    page.until(lambda: page.all("#record .fact") and not page.all("#record .downloads"))
    page.done()
    page.press(page.fact("stake"))
    assert page.lit() == [
        "The deal gives Norrlund a 30% non-voting stake and values Tidewell at more than €7 billion."
    ]
    assert "30% non-voting" in page.one("#whisper").get_attribute("textContent")
    page.press(next(one for one in page.all("mark") if "Unions" in one.text))
    (lit,) = page.all(".fact.on")
    assert lit.text.startswith("Unions raised concerns")
    assert "stands only in a teaser" in page.one(".checks").text
    assert "is no evidence" in page.one(".checks .detail").text
    for format, start in (
        ("json", "[{"),
        ("csv", "id,is_deal"),
        ("markdown", "## "),
        ("html", "<!doctype html>"),
    ):
        page.press(page.one(f"#record .downloads [data-format={format}]"))
        suffix = "md" if format == "markdown" else format
        saved = page.downloads / f"summary.{suffix}"
        page.until(saved.exists)
        assert saved.read_text("utf-8").startswith(start)


def test_places_are_right_behind_characters_beyond_the_basic_plane(page: Page) -> None:
    """JavaScript counts such a character twice."""
    page.read("Norrlund 🚢🚢🚢 Buys Into Tidewell 🚢" + ARTICLE.partition("Tidewell")[2])
    page.done()
    page.press(page.fact("stake"))
    assert page.lit() == [
        "The deal gives Norrlund a 30% non-voting stake and values Tidewell at more than €7 billion."
    ]


def test_the_example_is_one_click_away(page: Page) -> None:
    """Its text is shown beside its record."""
    page.one("#example").click()
    page.done()
    assert "Lindmark Cellworks" in page.one("#article").text


def test_files_become_a_dossier(page: Page, tmp_path: Path) -> None:
    """Several at once; a claim of the dossier leads to its sentence."""
    (tmp_path / "a.txt").write_text(ARTICLE, "utf-8")
    (tmp_path / "b.html").write_text(
        "<html><body><article>"
        + "".join(f"<p>{line}</p>" for line in ARTICLE.replace("30%", "31%").splitlines())
        + "</article></body></html>",
        "utf-8",
    )
    assert not page.one("#combine").is_enabled()
    page.one("#files").send_keys(f"{tmp_path / 'a.txt'}\n{tmp_path / 'b.html'}")
    page.one("#ask .main").click()
    page.until(lambda: page.one("#combine").is_enabled())
    page.press(page.one("#combine"))
    conflict = page.one("#dossier .conflict").text
    assert "30%" in conflict
    assert "31%" in conflict
    page.press(next(one for one in page.all("#dossier .quote") if "31%" in one.text))
    page.until(lambda: any("31%" in text for text in page.lit()))
    time.sleep(0.3)  # the page has scrolled under a mouse at rest, which points at nothing
    assert any("31%" in text for text in page.lit())
    webdriver.ActionChains(page.driver).move_to_element(page.fact("valuation")).perform()
    page.until(lambda: any("€7 billion" in text for text in page.lit()))
    webdriver.ActionChains(page.driver).move_to_element(page.fact("Unions")).perform()
    page.until(lambda: page.lit() == ["Unions raised concerns about jobs at the old yard."])
    page.press(page.one("#dossier .downloads [data-format=html]"))
    page.until((page.downloads / "dossier.html").exists)


def test_cancel_stops_the_request_to_the_model(page: Page) -> None:
    """The one behind it sees its position and is then read."""
    page.read(ARTICLE.replace("Tidewell", "Slowford"))
    page.until(lambda: any("asking" in one.text for one in page.all("#jobs .told")))
    page.read(ARTICLE)
    page.until(lambda: any("position 1" in one.text for one in page.all("#jobs .told")))
    page.press(page.all("#jobs .row button:last-child")[0])
    page.done()
    assert page.model.cancelled == 1
    assert page.all("#jobs .told")[0].text == "cancelled"
    page.press(page.all("#jobs .row button:first-child")[0])
    page.until(lambda: "asking" in page.all("#jobs .told")[0].text)


def test_closing_the_tab_stops_the_request_to_the_model(page: Page) -> None:
    """Nobody waits for it any more."""
    page.read(ARTICLE.replace("Tidewell", "Slowford"))
    page.until(lambda: any("asking" in one.text for one in page.all("#jobs .told")))
    page.driver.get("about:blank")
    page.until(lambda: page.model.cancelled)


def test_what_goes_wrong_is_told(page: Page) -> None:
    """Nothing to read, an address that is refused, and a model that is gone."""
    page.one("#ask .main").click()
    assert "Paste a text" in page.one("#ask-error").text
    page.read(ARTICLE.replace("Tidewell", "Deadwood"))
    page.until(lambda: page.all("#record .error"))
    assert "Start it again" in page.one("#record .error").text
    page.read("http://127.0.0.1/")
    page.until(lambda: any("public internet" in one.text for one in page.all("#jobs .told")))


def test_markup_in_any_field_is_shown_as_text(page: Page, tmp_path: Path) -> None:
    """In the article, its name, its facts, and the dossier: no element is made of it and no script runs."""
    page.model.answers = {**ANSWERS, "headline": EVIL}
    text = f"{EVIL}\n\n" + ARTICLE.partition("\n\n")[2].replace("a second plant", f"a second plant {EVIL}")
    for variant in (text, text.replace("30%", "31%")):
        page.read(variant)
    page.until(lambda: page.one("#combine").is_enabled())
    page.press(page.one("#combine"))
    page.one("#dossier .conflict")
    assert EVIL in page.one("#article").get_attribute("textContent")
    assert EVIL[:60] in page.one("#jobs .name").get_attribute("textContent")
    assert page.all("img") == []
    assert page.driver.title == "deal-summarizer"
    assert len(page.all("script")) == 1


def test_keys_are_enough(page: Page) -> None:
    """A skip link, facts and sentences by Tab and Enter, and Escape; the focus can be seen."""
    page.one("#model option")
    page.tab()
    assert page.focused().text == "Skip to the results"
    text = page.one("#text")
    text.send_keys(ARTICLE)
    while page.focused().get_attribute("type") != "submit":
        page.tab()
        assert (
            page.driver.execute_script("return getComputedStyle(document.activeElement).outlineStyle")
            != "none"
        )
    page.focused().send_keys(Keys.ENTER)
    page.done()
    page.driver.execute_script("arguments[0].focus()", page.fact("amount"))
    assert len(page.lit()) == 1
    page.tab()
    assert page.focused().text.startswith("stake")
    assert "30%" in page.lit()[0]
    page.focused().send_keys(Keys.ENTER)
    page.tab()
    page.driver.execute_script("document.activeElement.blur()")
    assert "30%" in page.lit()[0]
    page.one("body").send_keys(Keys.ESCAPE)
    assert page.lit() == []
    mark = next(one for one in page.all("mark") if "Unions" in one.text)
    page.driver.execute_script("arguments[0].focus()", mark)
    mark.send_keys(Keys.ENTER)
    assert page.all(".fact.on")


def test_a_phone_shows_all_of_it(page: Page) -> None:
    """Nothing is wider than 390 pixels, controls are large enough, and the sentence of a fact is in sight."""
    page.phone()
    page.read(ARTICLE)
    page.done()
    assert page.driver.execute_script("return document.documentElement.scrollWidth") <= 390
    concern = page.fact("Unions")
    page.driver.execute_script("arguments[0].scrollIntoView({block: 'end'})", concern)
    concern.click()
    box = page.driver.execute_script(
        "return document.querySelector('mark.on').getBoundingClientRect().toJSON()"
    )
    assert box["top"] >= 0
    assert box["bottom"] <= 844
    sizes = [one.size["height"] for one in page.all("button") if one.is_displayed()]
    assert min(sizes) >= 40


def test_paper_has_the_article_and_the_record_alone(page: Page) -> None:
    """Forms and buttons are not printed, and nothing is cut off."""
    page.read(ARTICLE)
    page.done()
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        assert not page.one("#ask").is_displayed()
        assert not page.one(".downloads").is_displayed()
        assert page.one("#article").is_displayed()
        assert (
            page.driver.execute_script(
                "return getComputedStyle(document.querySelector('#article')).maxHeight"
            )
            == "none"
        )
    finally:
        page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_the_token_is_asked_for_once(driver: Any, tmp_path: Path) -> None:
    """Or taken from the fragment, which then leaves the address bar."""
    with served(desk_with(Answering(ANSWERS)), token=TOKEN) as address:
        page = Page(driver, address, tmp_path, Answering(ANSWERS))
        page.open()
        page.until(lambda: page.one("#access").is_displayed())
        page.one("#token").send_keys(TOKEN, Keys.ENTER)
        page.one("#model option")
        driver.execute_script("sessionStorage.clear()")
        page.open(f"#token={TOKEN}")
        page.one("#model option")
        assert "token" not in driver.current_url
        page.read(ARTICLE)
        page.done()
        driver.get_log("browser")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("phone", [False, True])
def test_axe_finds_nothing(page: Page, theme: str, phone: bool) -> None:
    """No violation of WCAG 2.2 AA or of best practice, at the start and with a record and a dossier."""
    path = os.environ.get("SUMMARIZER_AXE")
    if not path:
        pytest.skip("SUMMARIZER_AXE names no axe.min.js")
    axe = Path(path).read_text("utf-8")
    page.media(prefers_color_scheme=theme, prefers_reduced_motion="reduce")
    if phone:
        page.phone()
    assert violations(page, axe) == []
    for text in (ARTICLE, ARTICLE.replace("30%", "31%")):
        page.read(text)
    page.until(lambda: page.one("#combine").is_enabled())
    page.press(page.one("#combine"))
    page.one("#dossier .conflict")
    page.press(page.fact("stake"))
    time.sleep(0.2)
    assert violations(page, axe) == []


def violations(page: Page, axe: str) -> list[str]:
    # Over the debugging protocol, as the page's policy lets no script in.
    for code in (axe, "axe.run().then((found) => { window.found = found.violations; })"):
        page.driver.execute_cdp_cmd("Runtime.evaluate", {"expression": code, "awaitPromise": True})
    found = page.driver.execute_script("return JSON.stringify(window.found)")
    return [f"{one['id']}: {node['html'][:120]}" for one in json.loads(found) for node in one["nodes"]]

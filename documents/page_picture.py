"""Picture the page that runs the model, for README (needs Chromium)."""

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import ViewportSize, sync_playwright

from experiments.compare.reading import read_all
from experiments.share.building import share_page

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "results" / "showcase" / "page.png"
SCENARIOS = ("baseline", "testing_room", "owned")
SIZE = ViewportSize(width=1366, height=900)
ANSWERED = "() => document.getElementById('progress').classList.contains('idle')"
LONGEST_MS = 180_000


def main() -> None:
    """Open the page and write a picture of its first screen once it has its answer."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        file = Path(folder) / "page.html"
        file.write_text(share_page(read_all(SCENARIOS)), encoding="utf-8")
        flags = ["--no-sandbox"]
        browser = driver.chromium.launch(executable_path=chromium, args=flags)
        tab = browser.new_page(viewport=SIZE)
        tab.goto(file.as_uri())
        tab.wait_for_function(ANSWERED, timeout=LONGEST_MS)
        tab.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    main()

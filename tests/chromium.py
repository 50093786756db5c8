"""The browser of the tests: the system's own Chromium, driven by Playwright's async API."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, async_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


def chromium_path() -> str:
    """Return the browser's file (CHROMIUM names another one); fails loudly when there is none."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if not found:
        raise AssertionError(
            "The page is tested in a real browser and none is installed. On Debian and Ubuntu: "
            "apt-get update && apt-get install -y --no-install-recommends chromium. "
            "Elsewhere: install Chromium or Chrome, or name its file in the variable CHROMIUM."
        )
    return found


@asynccontextmanager
async def running_browser() -> AsyncIterator[Browser]:
    """Give a headless browser of one's own."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=list(QUIET))
        yield browser
        await browser.close()

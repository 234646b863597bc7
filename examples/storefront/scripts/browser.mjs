import puppeteer from 'puppeteer-core';

/** Headless Chromium. Its sandbox does not work for root. */
export function launch() {
  const isRoot = process.getuid?.() === 0;
  return puppeteer.launch({
    executablePath: process.env.CHROMIUM,
    args: isRoot ? ['--no-sandbox'] : [],
  });
}

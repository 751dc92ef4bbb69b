import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { runProgram } from '@clearance/provision';
import { browserOf } from '../config.ts';
import { findChromium } from './find-chromium.ts';

/** How somebody looks at the console. */
export interface Viewer {
  language: 'zh' | 'en';
  scheme: 'light' | 'dark';
  width: number;
  height: number;
}

const USUAL: Viewer = { language: 'zh', scheme: 'light', width: 1280, height: 800 };
/** A busy machine takes its time; whoever waits for something waits so long at most, ms. */
const PATIENCE_MS = 60_000;

/** A headless Chromium. Close it. */
export async function startBrowser(say: (line: string) => void = () => undefined): Promise<Browser> {
  const found = await findChromium(browserOf(), say);
  const { output } = await runProgram('which', [found], { timeoutMs: 10_000 });
  return chromium.launch({
    executablePath: output.trim() || found,
    // Root's Chromium has no sandbox; it sees this machine's own pages alone.
    chromiumSandbox: process.getuid?.() !== 0,
    args: ['--disable-dev-shm-usage', '--font-render-hinting=none'],
  });
}

/** The console as one person sees it, once they have signed in at the development sign-in. */
export async function signInAs(
  browser: Browser,
  consoleUrl: string,
  person: string,
  viewer: Partial<Viewer> = {},
): Promise<{ context: BrowserContext; page: Page; faults: string[] }> {
  const { language, scheme, width, height } = { ...USUAL, ...viewer };
  const context = await browser.newContext({
    viewport: { width, height },
    locale: language === 'zh' ? 'zh-CN' : 'en-GB',
    timezoneId: 'Asia/Shanghai',
    colorScheme: scheme,
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  await page.goto(consoleUrl);
  await page.getByRole('button', { name: /^(登录|Sign in)$/ }).click();
  await page.locator(`button[name="person"][value="${person}"]`).click();
  // The sign-in's own page has a main part too: the navigation is the console's alone.
  await page.locator('#navigation').waitFor({ state: 'attached' });
  return { context, page, faults };
}

/** What axe finds wrong with a page by WCAG 2.2 AA and its best practices: rule, and where. */
export async function accessFaults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
}

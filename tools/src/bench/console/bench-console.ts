import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import pg from 'pg';
import { exampleContent } from '@clearance/contracts';
import { signInAs, startBrowser } from '../../browser/open-console.ts';
import { submit } from '../../traffic/backend.ts';
import { containerNumber } from '../../traffic/identifiers.ts';
import { seededRandom } from '../../traffic/random.ts';
import { eventually, startTestMesh, type TestLocalMesh } from '../../end-to-end/test-local-mesh.ts';
import { type BenchContext, type Figure, spreadOf } from '../figure.ts';
import { fillCoordination } from './fill-coordination.ts';

const RESULTS = 1_000_000;
const QUICK_RESULTS = 3_000;
/** Results that arrive while the console is looked at. */
const PER_MINUTE = 500;

/** Pages that are looked at first, by their addresses. */
const VIEWS = ['/', '/consignments', '/recognition', '/indicators'];

/**
 * How the console responds with a million results behind it and 500 more a minute: how long a page takes until it shows what it
 * is for, and how long the slowest interaction keeps the page from showing that it was heard (Event Timing: from the event
 * to the next frame).
 */
export async function benchConsole(context: BenchContext): Promise<Figure[]> {
  const results = context.quick ? QUICK_RESULTS : RESULTS;
  const mesh = await startTestMesh(undefined, { signIn: true });
  const browser = await startBrowser(context.say);
  let loading: { stop(): Promise<number> } | undefined;
  try {
    await fill(mesh, results, context);
    loading = arrive(mesh);
    const { page } = await signInAs(browser, mesh.httpUrl, 'coordinator');
    const views = await measureViews(page, mesh.httpUrl, context);
    const reactions = await measureReactions(page, mesh.httpUrl, context);
    const arrived = await loading.stop();
    loading = undefined;
    const details = { results, 'arrived meanwhile': arrived };
    return [
      {
        id: 'console.first-view',
        title: { zh: '首屏', en: 'first view of a page' },
        unit: 's',
        ours: spreadOf(views.map(({ seconds }) => seconds)),
        target: { sense: 'at-most', needed: 2, aim: 1 },
        details: { ...details, ...slowestOf(views) },
      },
      {
        id: 'console.interaction',
        title: { zh: '交互响应（最慢者）', en: 'interaction, the slowest of each round' },
        unit: 'ms',
        ours: spreadOf(reactions),
        target: { sense: 'at-most', needed: 100, aim: 50 },
        details,
      },
    ];
  } finally {
    await loading?.stop();
    await browser.close();
    await mesh.cleanup();
  }
}

async function fill(mesh: TestLocalMesh, results: number, { say, signal }: BenchContext): Promise<void> {
  const client = new pg.Client({
    connectionString: (await readFile(mesh.home.databaseUrlFile('gateway'), 'utf8')).trim(),
  });
  await client.connect();
  try {
    await fillCoordination(client, results, say);
    await eventually(
      async () => {
        signal.throwIfAborted();
        const { rows } = await client.query<{ n: string }>('select count(*) as n from indicator_due');
        return rows[0]!.n === '0' ? true : undefined;
      },
      'all of it counted',
      30 * 60_000,
    );
  } finally {
    await client.end();
  }
}

/** Results that arrive evenly, each of goods of its own. */
function arrive(mesh: TestLocalMesh): { stop(): Promise<number> } {
  const random = seededRandom('console');
  let stopping = false;
  let accepted = 0;
  const running = (async () => {
    const begun = performance.now();
    for (let number = 0; !stopping; number += 1) {
      const due = begun + (number * 60_000) / PER_MINUTE;
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
      const content = { ...exampleContent('customs.examination'), reference: `console-${number}`, declarationNumber: `090220261${random.digits(9)}`, transportDocument: `COSU${random.digits(10)}` }; // prettier-ignore
      const text = JSON.stringify(content).replaceAll('CSQU3054383', containerNumber(random));
      const outcome = await submit(mesh.backend('ln.customs'), JSON.parse(text) as typeof content).catch(
        () => undefined,
      );
      if (outcome?.ok === true) accepted += 1;
    }
  })();
  return {
    stop: async () => {
      stopping = true;
      await running;
      return accepted;
    },
  };
}

interface View {
  path: string;
  seconds: number;
}

/** From the address to what the page is for: no page that says that it is loading, or that something is wrong. */
async function measureViews(page: Page, url: string, { rounds, say }: BenchContext): Promise<View[]> {
  const views: View[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const path of VIEWS) {
      const since = performance.now();
      await page.goto(`${url}${path}`, { waitUntil: 'commit' });
      await page.locator('main h1').waitFor();
      await page.locator('main [aria-busy="true"]').first().waitFor({ state: 'detached' });
      const seconds = (performance.now() - since) / 1_000;
      say(`  ${path}: ${seconds.toFixed(2)} s`);
      views.push({ path, seconds });
    }
  }
  return views;
}

function slowestOf(views: readonly View[]): Record<string, number> {
  const byPath = Map.groupBy(views, ({ path }) => path);
  return Object.fromEntries(
    [...byPath].map(([path, of]) => [path, Math.round(Math.max(...of.map(({ seconds }) => seconds)) * 100) / 100]),
  );
}

/** What a coordinator does all day, once a round: goes from page to page, searches, reads, changes the language. */
async function measureReactions(page: Page, url: string, { rounds, say }: BenchContext): Promise<number[]> {
  const slowest: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await page.goto(`${url}/consignments`);
    await page.evaluate(OBSERVE);
    const search = page.getByRole('searchbox').or(page.getByRole('textbox')).first();
    await search.click();
    await search.pressSequentially('TSTU0000123', { delay: 40 });
    await search.press('Enter');
    await page.locator('main a[href^="/consignments/"]').first().click();
    await page.locator('main h1').waitFor();
    for (const name of ['English', '中文']) await page.getByText(name, { exact: true }).first().click();
    for (const link of await page.locator('nav a').all()) await link.click();
    const worst = await page.evaluate(() => Math.max(0, ...(globalThis as unknown as { seen: number[] }).seen));
    say(`  interaction: ${worst} ms`);
    slowest.push(worst);
  }
  return slowest;
}

/** Runs in the page. Event Timing tells durations in steps of 8 ms, from 16 on. */
const OBSERVE = `
  globalThis.seen = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (entry.interactionId > 0) globalThis.seen.push(entry.duration);
  }).observe({ type: 'event', durationThreshold: 16, buffered: false });
`;

import { readFile } from 'node:fs/promises';
import { jest } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { customsExamination, testServers } from '@clearance/testing';
import { accessFaults, signInAs, startBrowser, type Viewer } from '../browser/open-console.ts';
import { requestRecognition, submit } from '../traffic/backend.ts';
import { settledDisclosures } from './disclosures.ts';
import { eventually, startTestMesh, type TestLocalMesh } from './test-local-mesh.ts';

// Conditions are waited for; the limit is for a machine that is busy with other things.
jest.setTimeout(590_000);

const CONTAINER = 'CSQU3054383';
let mesh: TestLocalMesh;
let browser: Browser;
let resultId: string;
const contexts: BrowserContext[] = [];
beforeAll(async () => {
  browser = await startBrowser();
  mesh = await startTestMesh(testServers().databaseUrl, { signIn: true });
  const outcome = await submit(mesh.backend('ln.customs'), customsExamination('console-1'));
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problem));
  ({ resultId } = outcome.value);
  await settledDisclosures(mesh, resultId);
  await requestRecognition(mesh.backend('hl.customs'), {
    ...{ reference: 'console-1', location: 'CNHRB', checks: ['x-ray', 'quarantine'] },
    consignment: { containers: [CONTAINER] },
    sealsObserved: [{ container: CONTAINER, number: 'H1234567', condition: 'intact' }],
  });
}, 480_000);
afterAll(async () => {
  await browser?.close();
  await mesh?.cleanup();
}, 120_000);
afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close();
});

/** Somebody at the console; their page has made no error that a browser tells of. */
async function person(id: string, viewer: Partial<Viewer> = {}): Promise<{ page: Page; faults: string[] }> {
  const { context, page, faults } = await signInAs(browser, mesh.httpUrl, id, viewer);
  contexts.push(context);
  return { page, faults };
}

/** Until the page shows what it is for: nothing of it is being loaded any more. */
async function settled(page: Page): Promise<void> {
  await page.locator('main h1').waitFor();
  await page.locator('main [aria-busy="true"]').first().waitFor({ state: 'detached' });
}

/** The pages that somebody can go to, by their addresses. */
const placesOf = async (page: Page): Promise<string[]> =>
  Promise.all((await page.locator('nav a').all()).map(async (link) => (await link.getAttribute('href'))!));

describe('a coordinator', () => {
  it('signs in, finds a container and reads what happened to its goods, in either language', async () => {
    const { page, faults } = await person('coordinator');
    await page.goto(`${mesh.httpUrl}/consignments`);
    await settled(page);
    expect(await page.locator('html').getAttribute('lang')).toMatch(/^zh/);
    await page.getByRole('searchbox').or(page.getByRole('textbox')).first().fill(CONTAINER);
    await page.keyboard.press('Enter');
    await page.locator(`main a[href*="${resultId}"]`).first().click();
    await settled(page);
    const main = page.locator('main');
    await main.getByText(CONTAINER).first().waitFor();
    for (const word of ['辽宁海关', '查验', '互认']) expect(await main.innerText()).toContain(word);
    await page.getByText('English', { exact: true }).first().click();
    await main
      .getByText(/recogni[sz]ed/i)
      .first()
      .waitFor();
    expect(await page.locator('html').getAttribute('lang')).toMatch(/^en/);
    expect(faults).toEqual([]);
  });
});

describe('every page', () => {
  it.each<[string, Partial<Viewer>]>([
    ['浅色中文 light, Chinese', {}],
    ['深色英文 dark, English', { scheme: 'dark', language: 'en' }],
    ['平板 on a tablet', { width: 820, height: 1_180 }],
  ])('can be used by everybody, and by keyboard: %s', async (_what, viewer) => {
    const found: string[] = [];
    const everybody = ['coordinator', 'policy', 'policy-approver', 'auditor', 'ln.border'];
    for (const id of viewer.scheme === 'dark' ? everybody : ['coordinator']) {
      const { page, faults } = await person(id, viewer);
      if (viewer.language === 'en') await page.getByText('English', { exact: true }).first().click();
      const places = [...(await placesOf(page)), ...(id === 'coordinator' ? [`/consignments/${resultId}`] : [])];
      expect([id, places.length > 0]).toEqual([id, true]);
      for (const place of places) {
        await page.goto(`${mesh.httpUrl}${place}`);
        await settled(page);
        const tabs = await page.getByRole('tab').count();
        for (let tab = 0; tab < Math.max(1, tabs); tab += 1) {
          if (tab > 0) await page.getByRole('tab').nth(tab).click();
          await settled(page);
          const where = `${id} ${place}${tab > 0 ? `, tab ${tab + 1}` : ''}`;
          for (const fault of [...(await accessFaults(page)), ...faults.splice(0)]) found.push(`${where}: ${fault}`);
          const wide = await page.evaluate(
            'document.documentElement.scrollWidth > document.documentElement.clientWidth',
          );
          if (wide === true) found.push(`${where}: wider than the screen`);
        }
      }
    }
    expect(found).toEqual([]);
  });

  it('says who may see it to whoever may not', async () => {
    const { page } = await person('firm');
    await page.goto(`${mesh.httpUrl}/consignments`);
    await page
      .locator('main')
      .getByText(/口岸协调员|coordinator/)
      .first()
      .waitFor();
  });
});

describe('an auditor', () => {
  it('asks who saw a field, and takes the proof away', async () => {
    const { page, faults } = await person('auditor');
    await page.goto(`${mesh.httpUrl}/ledger?ask=who-saw&resultId=${resultId}&path=`);
    await settled(page);
    await page.getByRole('row').filter({ hasText: '黑龙江海关' }).first().waitFor();
    await page.goto(`${mesh.httpUrl}/ledger?ask=shown&consumer=hl.customs`);
    await settled(page);
    // What is signed already is exported: a head is signed every few seconds.
    const types = await eventually(async () => {
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: '导出（附链证明）' }).click(),
      ]);
      const lines = (await readFile(await file.path(), 'utf8')).trim().split('\n');
      const read = lines.map((line) => JSON.parse(line) as { type: string; entry?: { resultId?: string } });
      const there = read.some(({ type, entry }) => type === 'row' && entry?.resultId === resultId);
      return there ? [read[0]!.type, read.at(-1)!.type] : undefined;
    });
    expect(types).toEqual(['export', 'head']);
    expect(faults).toEqual([]);
  });
});

/** The HTML report: its text on its own, then opened in a real browser, on a phone and on a desktop. */

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunEvent } from '../../conformance/event.js';
import { createRedactor } from '../../conformance/redact/redact.js';
import { htmlReport } from '../../conformance/report/html.js';
import { isCompact, jsonLayout } from '../../conformance/report/json-layout.js';
import { createHtml, seen } from '../../conformance/report/markup.js';
import { eventsOf, exchange, findings, hostile, secrets, spellingsOf, workflows } from './html-run.js';

function reportOf(events: readonly RunEvent[]): string {
  const redactor = createRedactor();
  const parts: string[] = [];
  const report = htmlReport((part) => parts.push(part), redactor.mask);
  for (const event of events) {
    report.take(event);
    if (event.type === 'exchange') redactor.learn(event.exchange);
  }
  expect(parts).toHaveLength(1);
  return parts.join('');
}

describe('markup', () => {
  const html = createHtml((text) => text.replaceAll('hush', 'masked-word-1'));

  it('masks and escapes what is put in, and nothing else', () => {
    const inner = html`<b title="${'"\'<>&'}">${['a<b', 1, undefined, false]}</b>`;
    expect(html`<p>${inner} hush ${'hush'}</p>`.markup).toBe(
      '<p><b title="&quot;&#39;&lt;&gt;&amp;">a&lt;b1</b> hush masked-word-1</p>',
    );
  });

  it('shows what cannot be seen, and makes masks stand out', () => {
    const shown = seen(html, 'a\r\n\0\u202e\u001b[1m\ufeff masked-word-1').markup.replace(/<[^>]+>/g, '|');
    expect(shown).toBe('a|CR||LF||NUL||U+202E||ESC|[1m|BOM| |masked-word-1|');
    expect(seen(html, 'a\n\tb\rc', true).markup).toContain(
      'a\n\tb<span class="unseen" title="U+000D">CR</span>c',
    );
  });
});

describe('JSON in lines', () => {
  const laidOut = (text: string): string | undefined =>
    jsonLayout(text)
      ?.map((line) => line.text)
      .join('\n');

  it('keeps numbers, escapes and duplicate names as they were sent', () => {
    const text = '{"a":1.0e3,"a":"\\u0041\\/ {[,:]}","b":[],"c":{},"d":[{"e":null},-0]}';
    expect(laidOut(text)).toBe(`{
  "a": 1.0e3,
  "a": "\\u0041\\/ {[,:]}",
  "b": [],
  "c": {},
  "d": [
    {
      "e": null
    },
    -0
  ]
}`);
    expect(laidOut(laidOut(text) ?? '')).toBe(laidOut(text));
  });

  it.each<[text: string, is: boolean]>([
    ['{"a":1.0e3,"a":"x, y: [ ]","b":[],"c":[{"d":null}]}', true],
    ['{"a": 1}', false],
    ['{"a":1}\n', false],
    [' [1]', false],
    ['[1,\t2]', false],
  ])('knows whether there was white space: %s', (text, is) => {
    expect(isCompact(text)).toBe(is);
  });

  it('knows where each value begins', () => {
    const lines = jsonLayout('{"a/b":[1,{"c":[]}],"d":{"e":2}}') ?? [];
    expect(lines.map(({ pointers }) => pointers)).toEqual([
      [''],
      ['/a~1b'],
      ['/a~1b/0'],
      ['/a~1b/1'],
      ['/a~1b/1/c'],
      [],
      [],
      ['/d'],
      ['/d/e'],
      [],
      [],
    ]);
  });

  it.each(['"text"', '1', '{"a":"masked"}', '[[]]'])('lays out %s', (text) => {
    expect(laidOut(text)?.replace(/\s/g, '')).toBe(text);
  });

  it.each(['', '{"a":1', '"open', '}', `${'['.repeat(200)}${']'.repeat(200)}`])('leaves %s alone', (text) => {
    expect(laidOut(text)).toBeUndefined();
  });
});

describe('the document', () => {
  const written = reportOf(eventsOf());

  it('tells no secret, in no spelling', () => {
    for (const secret of [...Object.values(secrets), 'open-sesame-99', 'zyxwvu9876543210'])
      for (const spelling of spellingsOf(secret)) expect(written).not.toContain(spelling);
    expect(written).toContain('masked-access-token-1');
  });

  it('has nothing from outside as markup', () => {
    expect(written).not.toContain('<img');
    expect(written.match(/<script/g)).toHaveLength(1);
    expect(written).toContain(`content="default-src 'none'; script-src 'sha256-`);
    expect(written).not.toContain('unsafe-');
    expect(written).not.toMatch(/\son\w+="/);
    expect(written).toContain('&lt;/script&gt;&lt;script&gt;');
  });

  it.each([
    ['conforms', { findings: [] }, 'the server is as the contract says'],
    [
      'incomplete',
      { findings: [], complete: false, stopped: 'time-limit' as const },
      'the time limit was reached',
    ],
    [
      'unreachable',
      {
        findings: [],
        complete: false,
        stopped: 'unreachable' as const,
        unreachable: 'ECONNREFUSED 127.0.0.1:9',
      },
      'could not be reached: ECONNREFUSED 127.0.0.1:9',
    ],
  ])('says that a run %s', (result, end, words) => {
    const events = eventsOf({ findings: [] }).map((event) =>
      event.type === 'run-finished' ? { ...event, ...end } : event,
    );
    const text = reportOf(events);
    expect(text).toContain(`<title>Matar: ${result}</title>`);
    expect(text).toContain(words);
  });

  it('is written also when the run never began', () => {
    const end = eventsOf({ findings: [], gaps: [] }).at(-1);
    expect(end && reportOf([end])).toContain('A run without a beginning');
  });
});

const pageChecks = readFileSync(new URL('./page-checks.mjs', import.meta.url), 'utf8');

const executable = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((file) =>
  existsSync(file),
);
const flags = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];
const needed = executable === undefined ? ' (needs Chromium: apt-get install chromium)' : '';

describe.skipIf(executable === undefined)(`the document in a browser${needed}`, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'report-'));
  const file = path.join(folder, 'report.html');
  const address = pathToFileURL(file).href;
  const noted: string[] = [];
  let browser: Browser;

  const open = async (options: BrowserContextOptions, fragment = '', url = address): Promise<Page> => {
    const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
    const page = await context.newPage();
    page.on('console', (message) => noted.push(message.text()));
    page.on('pageerror', (error) => noted.push(error.message));
    page.on('request', (request) => request.url() !== url && noted.push(`asks for ${request.url()}`));
    // The fragment comes after: what is noted is by URL.
    await page.goto(url);
    if (fragment !== '') await page.evaluate(`location.hash = ${JSON.stringify(fragment)}`);
    return page;
  };
  const openAll = "for (const each of document.querySelectorAll('details')) each.open = true;";
  const phone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };
  const desktop = { viewport: { width: 1280, height: 900 } };
  const shown = (page: Page): Promise<string[]> =>
    page.locator('.finding:visible').evaluateAll((all) => all.map(({ id }) => id));
  const idOf = (index: number): string => `finding-${findings[index]?.id}`;

  beforeAll(async () => {
    writeFileSync(file, reportOf(eventsOf()));
    browser = await chromium.launch({ executablePath: executable ?? '', args: flags });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['a phone', phone, 'light' as const],
    ['a phone at night', phone, 'dark' as const],
    ['a desktop', desktop, 'light' as const],
    ['a desktop at night', desktop, 'dark' as const],
  ])(
    'is readable on %s: everything opened, nothing sticks out, everything has contrast',
    async (_, size, colorScheme) => {
      const page = await open({ ...size, colorScheme });
      const widths = (): Promise<number[]> =>
        page.evaluate('[document.documentElement.scrollWidth, innerWidth]');
      const [closed, width] = await widths();
      expect(closed).toBe(width);
      await page.evaluate(openAll);
      expect((await widths())[0]).toBe(width);
      expect(await page.evaluate(`${pageChecks}; pageProblems()`)).toEqual([]);
      expect(await page.title()).toBe('Matar: deviates');
      expect(noted).toEqual([]);
      await page.context().close();
    },
  );

  it('is filtered by severity, check, operation, phase and words, and keeps that in the URL', async () => {
    const page = await open(desktop);
    expect(await shown(page)).toHaveLength(4);
    await page.locator('.pill.note').click();
    expect(await shown(page)).toEqual([idOf(2)]);
    expect(new URL(page.url()).hash).toBe('#rank=note');
    await page.locator('.pill.violation').click();
    expect(await shown(page)).toHaveLength(3);
    await page.locator('[name=check]').selectOption('error-leak');
    expect(await shown(page)).toEqual([idOf(1)]);
    expect(await page.locator('output').textContent()).toContain('1 finding and');
    await page.getByRole('button', { name: 'Show all' }).click();
    await expect.poll(() => shown(page)).toHaveLength(4);
    expect(new URL(page.url()).hash).toBe('');

    await page.keyboard.press('Escape');
    await page.locator('h1').click();
    await page.keyboard.press('/');
    await page.keyboard.type('logged out WORKS');
    expect(await shown(page)).toEqual([idOf(0)]);
    expect(await page.locator('#findings .count').textContent()).toBe('1 of 4');
    await page.getByLabel('Search').fill('no such words');
    expect(await shown(page)).toEqual([]);
    expect(await page.getByText('Nothing here fits the filter.').filter({ visible: true }).count()).toBe(3);

    const again = await open(desktop, '#operation=getCurrentUser&phase=schema');
    expect(await shown(again)).toEqual([idOf(1)]);
    expect(await again.locator('[name=operation]').inputValue()).toBe('getCurrentUser');
    expect(noted).toEqual([]);
    await page.context().close();
    await again.context().close();
  });

  it('takes a reader from the summary to the findings of a severity, and from a workflow to its finding', async () => {
    const page = await open(phone);
    await page.locator('.tile.violation a').tap();
    await expect.poll(() => shown(page)).toEqual([idOf(1), idOf(0)]);
    await page.evaluate(`location.hash = ${JSON.stringify(idOf(2))}`);
    await expect.poll(() => shown(page)).toHaveLength(4);
    await page.context().close();
  });

  it('shows each exchange whole: what was sent, what came, laid out and, with white space of its own, as it was', async () => {
    const page = await open(desktop);
    const finding = page.locator(`#${idOf(0)}`);
    await finding.locator('.exchange > summary').nth(2).click();
    const messages = finding.locator('.exchange').nth(2).locator('.messages');
    const text = await messages.innerText();
    expect(text).toContain('POST /api/v1/logout');
    expect(text).toContain('Authorization: Bearer masked-access-token-1');
    expect(text).toContain('"n": 1.0e3');
    expect(await messages.locator('mark').innerText()).toContain('"message": "Success"');
    expect(text).toContain('laid out; sent without white space');
    expect(await messages.locator('.raw').count()).toBe(0);
    await finding.locator('.exchange > summary').nth(1).click();
    const spaced = finding.locator('.exchange').nth(1).locator('.messages');
    await spaced.locator('.raw > summary').click();
    expect(await spaced.locator('.raw pre').innerText()).toBe(
      '{"description": "Successfully logged out", "message": "Success"}',
    );
    expect(await spaced.innerText()).toContain('bytes, laid out\n');
    expect(await finding.locator('.curl').innerText()).toContain(
      "-H 'Authorization: Bearer masked-access-token-1'",
    );
    await page.context().close();
  });

  it('has every exchange of the run within its workflow, failures and bytes too', async () => {
    const page = await open(desktop);
    await page.evaluate(openAll);
    const text = await page.locator('.workflow.deviates').nth(1).textContent();
    expect(text).toContain(hostile);
    expect(text).toContain('89 50 4e 47');
    expect(text).toContain('No response (reset)');
    expect(text).toContain('content-length-differs');
    expect(text).toContain('U+202E');
    expect(await page.locator('.workflow .exchange').count()).toBe(7);
    await page.context().close();
  });

  it('copies the curl line', async () => {
    const page = await open(desktop);
    const finding = page.locator(`#${idOf(1)}`);
    await finding.locator('.copied button').first().click();
    await expect.poll(() => finding.locator('.copied button').first().textContent()).toBe('Copied');
    await page.getByLabel('Search').focus();
    await page.keyboard.press('Control+v');
    expect(await page.getByLabel('Search').inputValue()).toBe(await finding.locator('.curl').textContent());
    await page.context().close();
  });

  it('runs and loads nothing that somebody has put into it', async () => {
    const page = await open(desktop);
    await page.evaluate(`{
      const script = document.createElement('script');
      script.textContent = 'document.title = "pwned"';
      const image = new Image();
      image.src = 'https://elsewhere.example/a.png';
      document.body.append(script, image);
    }`);
    await expect.poll(() => noted.filter((each) => /Content Security Policy/.test(each))).toHaveLength(2);
    noted.length = 0;
    expect(await page.title()).toBe('Matar: deviates');
    await page.context().close();
  });

  it('shows where else a secret is used', async () => {
    const page = await open(desktop);
    await page.locator('.curl .masked').first().click();
    const same = page.locator('.masked.same');
    expect(new Set(await same.allTextContents()).size).toBe(1);
    expect(await same.count()).toBeGreaterThan(1);
    await page.context().close();
  });

  it('is read without its script, and printed', async () => {
    const page = await open({ ...phone, javaScriptEnabled: false });
    expect(await page.locator('#filter').isVisible()).toBe(false);
    expect(await page.locator('.finding:visible').count()).toBe(4);
    await page.locator('.finding .exchange > summary').first().click();
    expect(await page.locator('.finding .messages').first().isVisible()).toBe(true);
    await page.context().close();
    const printed = await open(desktop);
    await printed.emulateMedia({ media: 'print' });
    expect(await printed.locator('#filter').isVisible()).toBe(false);
    expect((await printed.pdf()).byteLength).toBeGreaterThan(10_000);
    await printed.context().close();
  });

  it('is used with thousands of exchanges', async () => {
    const large = path.join(folder, 'large.html');
    const many = Array.from({ length: 3000 }, (_, index) =>
      exchange(index + 1, {
        workflow: `case-${index % 300}`,
        phase: 'schema',
        content: JSON.stringify({
          phone_number: `91974${index}`,
          action: 'submit_otp',
          otp: String(10_000 + index),
        }),
        answer: JSON.stringify({ message: 'Invalid OTP', list: [1, 2, { a: index }] }),
      }),
    );
    const planned = Array.from({ length: 300 }, (_, index) => ({
      ...workflows[0],
      id: `case-${index}`,
      phase: 'schema' as const,
      summary: `A boundary value, number ${index}`,
      operation: 'login',
      steps: [],
    }));
    writeFileSync(large, reportOf(eventsOf({ exchanges: many, workflows: planned })));
    const begun = performance.now();
    const page = await open(phone, '', pathToFileURL(large).href);
    await page.getByLabel('Search').fill('case-299');
    expect(await page.locator('.workflow:visible').count()).toBe(1);
    await page.locator('.workflow:visible > summary').click();
    expect(await page.locator('.workflow:visible .exchange').count()).toBe(10);
    expect(performance.now() - begun).toBeLessThan(20_000);
    await page.context().close();
  });
});

/** How `counterfoil mock` ends. */

import { describe, expect, test } from 'vitest';
import { pets, startMock } from './process.js';

describe('a signal', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('%s ends an idle mock at once, with one line', async (signal) => {
    const mock = await startMock([pets]);
    const started = mock.stdout();
    await fetch(`${mock.url}/pet`).then((answer) => answer.text());
    mock.signal(signal);
    expect(await mock.ended).toBe(0);
    expect(mock.stdout().slice(started.length)).toMatch(/Did you mean .+\nStopped\.\n$/);
  });

  test('lets the request in flight finish and takes no new connection', async () => {
    const mock = await startMock([pets]);
    const answer = fetch(`${mock.url}/pets`, { headers: { prefer: 'delay=1' } });
    await mock.printed(/:\d\d {2}GET {5}\/pets/);
    mock.signal('SIGTERM');
    await mock.printed(/^Answering the requests in flight\. Ctrl-C again stops at once\.$/m);
    await expect(fetch(mock.url)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    expect((await answer).status).toBe(200);
    expect(await (await answer).json()).toEqual(['Rex']);
    expect(await mock.ended).toBe(0);
  });

  test('ends the mock at once when it comes again', async () => {
    const mock = await startMock([pets, '--delay', '3600']);
    const answer = fetch(mock.url).catch(() => 'cut off');
    await mock.printed(/unknown-path/);
    mock.signal('SIGINT');
    await mock.printed(/Ctrl-C again/);
    mock.signal('SIGINT');
    expect(await mock.ended).toBe(130);
    expect(await answer).toBe('cut off');
  });
});

/** The report at a terminal: what a person reads, in which order, and that nothing from outside steers the terminal. */

import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../conformance/event.js';
import { reports } from '../../conformance/report/index.js';
import { type TerminalOptions, terminalReport } from '../../conformance/report/terminal.js';
import {
  conforming,
  deviating,
  events,
  exchange,
  hostile,
  hostileFinding,
  interrupted,
  login,
  mask,
  noteFinding,
  request,
  runs,
  schemaFinding,
  secrets,
  undocumentedFinding,
  unreachable,
  unstableFinding,
  written,
} from './events.js';

const esc = '\u001b';
const plain: TerminalOptions = { color: false, progress: false, width: 100, verbose: false };

function shown(run: readonly RunEvent[], options: Partial<TerminalOptions> = {}): string {
  return written(terminalReport({ ...plain, ...options }), run);
}

/** The lines of a finding, from its title to the blank line after it. */
function finding(text: string, title: string): readonly string[] {
  const lines = text.split('\n');
  const from = lines.findIndex((line) => line.includes(title));
  return lines.slice(from, lines.indexOf('', from));
}

describe('a finding', () => {
  it('is understood line by line', () => {
    expect(finding(shown(deviating), 'a token still works')).toEqual([
      '  ✗ a token still works after its session was ended  state-conformance',
      '    expected  401 {"message":"Token has been revoked"}',
      '              ^^^                            ^^^^^^^',
      '    actual    200 {"message":"Token has been removed"}',
      '              ^^^                            ^^^^^^^',
      '    at        /message',
      '    calls     1  POST /api/v1/login -> 200  {"otp":"masked-secret-2","password":"masked-secret-3"}',
      '              2  POST /api/v1/logout -> 200  Bearer masked-secret-1  {"refresh":true}',
      '            ✗ 3  POST /api/v1/logout -> 200 (expected 401)  Bearer masked-secret-1  {"refresh":true}',
      '    contract  openapi/matar/openapi.yaml:214:9',
      '    why       A session that was ended stays ended (contract, x-transitions)',
      `    repeat    curl -i -X POST http://127.0.0.1:8080/api/v1/logout -H 'authorization: Bearer masked-secret-1' -H 'content-type: application/json' --data-raw '{"refresh":true}'`,
      '    shown     14 times; unstable: shown 1 of 3 times  id logout-token-survives-1f',
    ]);
  });

  it('names each call by its step, and marks the one at which server and contract part', () => {
    const steps = ['log-in', 'log-out', 'log-out-again'].map((stepId) => ({ stepId }));
    const workflow = { workflows: [{ workflowId: 'w', steps }] };
    const text = shown(
      events({ findings: [unstableFinding({ workflow, expected: '401 or 403, revoked' })] }),
    );
    const [first, , last] = text.split('\n').filter((line) => line.includes(' -> '));
    expect(first).toMatch(/^ {4}calls {5}1 {2}log in {9}POST \/api\/v1\/login -> 200/);
    expect(last).toMatch(
      /^ {12}✗ 3 {2}log out again {2}POST \/api\/v1\/logout -> 200 \(expected 401 or 403\)/,
    );
  });

  it('says of a status that was expected nothing more', () => {
    const text = shown(events({ findings: [unstableFinding({ expected: '200 or 204' })] }));
    expect(text).not.toContain('(expected');
  });

  it('names no steps where they are not the calls', () => {
    const workflow = { workflows: [{ workflowId: 'w', steps: [{ stepId: 'log-in' }] }] };
    expect(shown(events({ findings: [unstableFinding({ workflow })] }))).not.toContain('log in');
  });

  it('has no story when it is one call', () => {
    expect(finding(shown(deviating), 'expires_in is a string').join('\n')).not.toContain('calls');
  });

  it('tells many calls that are alike in one line', () => {
    const exchanges = [exchange({ request: login }), ...Array.from({ length: 200 }, () => exchange())];
    const lines = finding(
      shown(events({ findings: [unstableFinding({ exchanges })] })),
      'a token still works',
    );
    expect(lines).toContain(
      '              2-200  POST /api/v1/logout -> 200  Bearer masked-secret-1  {"refresh":true}',
    );
  });

  it('tells a long story by its beginning and its end', () => {
    const exchanges = Array.from({ length: 40 }, (_, index) =>
      exchange({ request: request({ path: `/${index}` }) }),
    );
    const text = shown(events({ findings: [unstableFinding({ exchanges })] }));
    expect(text).toContain('… 30 more calls');
    expect(text).toContain('1  POST /0 -> 200');
    expect(text).toContain('40  POST /39 -> 200');
    expect(text).not.toContain('POST /20 ');
  });

  it('shows where long texts part', () => {
    const same = 'word '.repeat(300);
    const text = shown(
      events({ findings: [schemaFinding({ expected: `${same}red end`, actual: `${same}blue end` })] }),
    );
    expect(text).toMatch(/expected {2}…(?:word |d )+red end\n/);
    expect(text).toMatch(/actual {4}…(?:word |d )+blue end\n/);
  });

  it('says how much of a long text is left out', () => {
    const text = shown(events({ findings: [schemaFinding({ actual: `x${'y'.repeat(10_399)}` })] }));
    expect(text).toContain('… (10,000 more)');
    expect(
      shown(events({ findings: [schemaFinding({ actual: 'x'.repeat(1000) })] }), { verbose: true }),
    ).not.toContain('more)');
  });

  it('says why there was no response', () => {
    expect(shown(hostile)).toContain('-> no response (malformed: no HTTP:');
  });

  it('leaves long content out of the curl line, and says so', () => {
    expect(shown(hostile)).toMatch(/curl -i .* {2}# and content of 200,\d{3} bytes, left out here\n/);
  });

  it('masks each part of a request by itself, before the curl line makes one text of them', () => {
    let text = '';
    const report = terminalReport(plain)(
      (part) => {
        text += part;
      },
      (part) => part.replace(/^Bearer .*$/, 'masked'),
    );
    for (const event of events({ findings: [unstableFinding()] })) report.take(event);
    expect(text).toContain("-H 'authorization: masked'");
  });

  it('underlines what differs where there is colour', () => {
    const text = shown(deviating, { color: true });
    expect(text).toContain(`${esc}[1m${esc}[4m${esc}[31mremoved${esc}[39m${esc}[24m${esc}[22m`);
    expect(text).not.toContain('^^^');
  });

  it('says of content that no shell can carry that it cannot', () => {
    const exchanges = [exchange({ request: request({ content: new Uint8Array([0xff]) }) })];
    expect(shown(events({ findings: [schemaFinding({ exchanges })] }))).toContain(
      '# its content is not text',
    );
  });

  it('is about the API as a whole when it is about no endpoint', () => {
    expect(shown(events({ findings: [schemaFinding({ endpoint: undefined })] }))).toContain(
      '\nthe API as a whole\n',
    );
  });

  it('has an app in this process at localhost', () => {
    const text = shown(events({ findings: [schemaFinding()] }, { base: undefined }));
    expect(text).toContain('curl -i -X POST http://localhost/api/v1/login');
    expect(text).toContain('Matar 1.0.0  an app in this process');
  });
});

describe('the order', () => {
  it('is violations, then what is undocumented, then notes, then what was not exercised, then the summary', () => {
    const text = shown(deviating);
    const heads = ['Violations', 'Undocumented', 'Notes', 'Not exercised: 3', 'Exercised\n', '2 VIOLATIONS'];
    const places = heads.map((head) => text.indexOf(head));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places.every((place) => place > 0)).toBe(true);
  });

  it('puts the findings of an endpoint below one heading', () => {
    const findings = [
      schemaFinding(),
      unstableFinding(),
      schemaFinding({ id: 'other-7f', title: 'refresh_token is missing' }),
    ];
    const text = shown(events({ findings }));
    expect(text.split('\nPOST /api/v1/login\n')).toHaveLength(2);
  });
});

describe('what a server does at every endpoint alike', () => {
  const notes = [1, 2, 3, 4, 5, 6, 7].map((pet) =>
    noteFinding({ id: `n${pet}`, endpoint: `GET /pets/${pet}`, count: 2 }),
  );

  it('is told once', () => {
    const text = shown(events({ findings: notes }), { width: 60 });
    expect(text.split('the 401 has no')).toHaveLength(2);
    expect(text).toContain('\nGET /pets/1, GET /pets/2, GET /pets/3, and 4 more\n');
    expect(text).toContain('shown     14 times');
    expect(text).toContain('CONFORMS   7 notes');
  });

  it('is told each time when asked for', () => {
    expect(shown(events({ findings: notes }), { verbose: true }).split('  · the 401 has no')).toHaveLength(8);
  });

  it('is told apart where it is not quite the same', () => {
    const findings = [
      noteFinding(),
      noteFinding({ id: 'other', endpoint: 'GET /pets', actual: 'an empty field' }),
    ];
    expect(shown(events({ findings })).split('the 401 has no')).toHaveLength(3);
  });

  it('is never told once when it is a violation', () => {
    const findings = [schemaFinding(), schemaFinding({ id: 'other', endpoint: 'GET /pets' })];
    expect(shown(events({ findings })).split('✗ expires_in is a string')).toHaveLength(3);
  });
});

describe('a note', () => {
  it('is told in brief', () => {
    const lines = finding(shown(deviating), 'the 401 has no').join('\n');
    expect(lines).toContain('contract');
    expect(lines).not.toContain('curl');
  });

  it('is told whole when asked for', () => {
    expect(finding(shown(deviating, { verbose: true }), '  · the 401 has no').join('\n')).toContain('curl');
  });
});

describe('what was not exercised', () => {
  it('is grouped by its reason', () => {
    const text = shown(deviating);
    expect(text).toContain(
      '     2  the clock of the server cannot be moved\n        POST /api/v1/login 400#expired-otp, POST /api/v1/logout 401#expired\n',
    );
  });

  const notExercised = Array.from({ length: 90 }, (_, index) => ({
    kind: 'response' as const,
    what: `GET /pets/${index} 404#missing`,
    operation: undefined,
    reason: `reason ${index % 9}`,
  }));

  it('is told by the reason that explains most first', () => {
    const [first, ...others] = notExercised;
    const rare = first === undefined ? [] : [{ ...first, reason: 'rare' }];
    const text = shown(
      events({ notExercised: [...rare, ...others.filter(({ reason }) => reason === 'reason 1')] }),
    );
    expect(text.indexOf('rare')).toBeGreaterThan(text.indexOf('reason 1'));
  });

  it('is a few lines, and the rest counted', () => {
    const text = shown(events({ notExercised }));
    expect(text).toContain('Not exercised: 90');
    expect(text).toContain('and 30 more (--report json has all)');
    expect(text).toMatch(/404#missing, and \d+ more\n/);
    expect(text.split('\n').length).toBeLessThan(30);
  });

  it('is listed when asked for', () => {
    const text = shown(events({ notExercised }), { verbose: true });
    for (const { what } of notExercised) expect(text).toContain(`${what}\n`);
    expect(text).not.toContain('--report json');
  });
});

describe('a run without findings', () => {
  it('is a few lines', () => {
    expect(
      shown(conforming, { progress: true })
        .split(`\r${esc}[K`)
        .filter((_, index) => index !== 1)
        .join('')
        .trimEnd()
        .split('\n'),
    ).toEqual([
      'Matar 1.0.0  http://127.0.0.1:8080  3 workflows',
      'Exercised: 9 of 9 operations, 22 of 24 responses',
      '',
      '='.repeat(100),
      '  CONFORMS',
      '='.repeat(100),
      '1,214 requests in 8.2 s, seed 42',
    ]);
  });
});

describe('the summary', () => {
  it.each([
    ['conforming', conforming, 'CONFORMS'],
    ['empty', events({ requests: 0 }), 'NOTHING WAS JUDGED'],
    ['deviating', deviating, '2 VIOLATIONS   1 undocumented   1 note'],
    ['interrupted', interrupted, '1 VIOLATION   INCOMPLETE'],
    ['unreachable', unreachable, 'COULD NOT REACH THE SERVER'],
    ['out of time', events({ complete: false, stopped: 'time-limit' }), 'INCOMPLETE'],
    ['noted', events({ findings: [noteFinding(), noteFinding({ id: 'b' })] }), 'CONFORMS   2 notes'],
    [
      'strict',
      events({ findings: [undocumentedFinding({ severity: 'error' }), noteFinding()] }),
      '1 UNDOCUMENTED   1 note',
    ],
  ])('says how a run came out that is %s', (_, run, headline) => {
    const lines = shown(run).split('\n');
    expect(lines[lines.indexOf('='.repeat(100)) + 1]?.trim()).toBe(headline);
  });

  it('says why a run is incomplete', () => {
    expect(shown(events({ complete: false, stopped: 'time-limit' }))).toContain(
      'The run is incomplete: the time limit was reached.',
    );
    expect(shown(unreachable)).toContain(
      'the server could not be reached: connect ECONNREFUSED 127.0.0.1:8080.',
    );
  });

  it('has no table when there is nothing to count', () => {
    expect(shown(events({ coverage: [], findings: [noteFinding()] }))).not.toContain('Exercised');
  });

  it('says nothing of coverage when the server was not there', () => {
    expect(shown(unreachable)).not.toContain('Exercised');
  });

  it('tells of the baseline', () => {
    const text = shown(events({ accepted: 1, vanished: [{ id: 'gone-6e', title: 'a 404 was a 400' }] }));
    expect(text).toContain('1 finding accepted by the baseline');
    expect(text).toContain('  a 404 was a 400  (gone-6e)');
  });

  it('is a bar of colour over the whole width', () => {
    const lines = shown(deviating, { color: true, width: 60 }).split('\n');
    const bar = lines.findIndex((line) => line.includes('2 VIOLATIONS'));
    for (const line of lines.slice(bar - 1, bar + 2)) {
      expect(line).toContain('\u001b[41m');
      expect(stripVTControlCharacters(line)).toHaveLength(60);
    }
  });
});

describe('while a run goes on', () => {
  it('a line tells of each phase that is done', () => {
    expect(shown(deviating).split('\n').slice(0, 4)).toEqual([
      'Matar 1.0.0  http://127.0.0.1:8080  3 workflows',
      'rules        1 workflow       3 requests       1 finding',
      'schema       2 workflows      3 requests       3 findings',
      '',
    ]);
  });

  it('one live line is kept up to date, and gone at the end', () => {
    const slow = deviating.map(
      (event): RunEvent =>
        event.type === 'exchange'
          ? {
              ...event,
              exchange: { ...event.exchange, startedAt: event.exchange.startedAt + event.exchange.id * 100 },
            }
          : event,
    );
    const text = shown(slow, { progress: true, width: 70 });
    const live = text.split('\r\u001b[K').slice(1, -1);
    expect(live[0]).toBe('0/3  0 requests  0 findings');
    expect(live.at(-1)).toMatch(/^1\/3 {2}\d requests {2}1 finding {2}schema: log in/);
    expect(live.every((line) => !line.includes('\n') && line.length < 70)).toBe(true);
    expect(text.split('\r\u001b[K').at(-1)).toMatch(/^\nViolations\n/);
  });

  it('the live line changes no more often than anybody can read', () => {
    const quick = events({
      findings: [unstableFinding({ exchanges: Array.from({ length: 500 }, () => exchange()) })],
    });
    expect(shown(quick, { progress: true }).split('\r').length).toBeLessThan(5);
  });

  it('each workflow is told of when asked for', () => {
    const text = shown(deviating, { verbose: true });
    expect(text).toContain('deviates       rules: log out, and use the token again  (3 requests)\n');
    expect(text).toContain('not exercised  schema: log in with an OTP that has expired  (0 requests)\n');
    expect(text).toContain('✗ POST /api/v1/logout: a token still works');
  });
});

describe.each(Object.entries(runs))('a run that is %s', (_, run) => {
  it.each([true, false])('tells no secret and lets nothing steer the terminal, colour %s', (color) => {
    for (const verbose of [true, false]) {
      const text = shown(run, { color, verbose, progress: color });
      const own = new RegExp(`${esc}\\[(?:\\d+m|K)|\r(?=${esc}\\[K)|\n`, 'g');
      expect(text.replace(own, '')).not.toMatch(/[\p{Cc}\p{Cs}\u202e]/u);
      if (!color) expect(text.includes(esc) || text.includes('\r')).toBe(false);
      for (const secret of secrets) expect(text).not.toContain(secret);
    }
  });
});

it('colours change nothing but colours and carets', () => {
  const carets = /\n *\^[ ^]*(?=\n)/g;
  const bars = /={100}| {100}/g;
  const bare = (text: string): string => text.replace(carets, '').replace(bars, '').replace(/ +$/gm, '');
  expect(bare(stripVTControlCharacters(shown(deviating, { color: true })))).toBe(bare(shown(deviating)));
});

describe('a narrow terminal', () => {
  it.each([40, 60, 80])('of %d columns has no line wider, but those that are pasted whole', (width) => {
    const long = schemaFinding({
      title: 'a title of many words that goes on until it does not fit the line any more',
      expected: '日本語'.repeat(30),
      actual: 'x'.repeat(200),
      exchanges: [exchange({ request: login }), exchange()],
    });
    const text = shown(events({ findings: [long] }), { width });
    const columns = (line: string): number =>
      [...line].reduce((sum, each) => sum + (each > '\u2fff' ? 2 : 1), 0);
    const lines = text
      .split('\n')
      .filter((line) => !/^ {4}(?:repeat|shown|contract)|^Matar|^schema|^rules/.test(line));
    expect(lines.filter((line) => columns(line) > width)).toEqual([]);
    expect(text.replace(/\n {14}/g, '')).toContain('日本語'.repeat(30));
  });
});

it('every report is found by its name, and writes something of a run that deviates', () => {
  expect(Object.keys(reports)).toEqual(
    expect.arrayContaining(['terminal', 'junit', 'json', 'jsonl', 'sarif', 'github', 'github-summary']),
  );
  for (const make of Object.values(reports)) {
    let text = '';
    const report = make(plain)((part) => {
      text += part;
    }, mask);
    for (const event of deviating) report.take(event);
    expect(text).not.toBe('');
  }
});

it('a hostile title is one finding, not several', () => {
  const text = shown(events({ findings: [hostileFinding({ title: 'a\n\n  ✗ another\n' })] }));
  expect(text).toContain('✗ a\\u000a\\u000a  ✗ another\\u000a');
});

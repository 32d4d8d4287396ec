/** Annotations and the job summary of GitHub Actions: the most telling first, and no text of a server is a command. */

import { describe, expect, it } from 'vitest';
import type { Finding, RunEvent } from '../../conformance/event.js';
import { githubReport, githubSummary } from '../../conformance/report/github.js';
import {
  conforming,
  deviating,
  events,
  gaps,
  hostile,
  interrupted,
  noteFinding,
  runs,
  schemaFinding,
  secrets,
  undocumentedFinding,
  unreachable,
  unstableFinding,
  written,
} from './events.js';

type Annotation = {
  readonly level: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
};

/** A workflow command as the runner of GitHub reads it. */
function parsed(line: string): Annotation {
  const match = /^::(\w+) ([^:]*)::(.*)$/.exec(line);
  if (match === null) throw new Error(`No workflow command: ${line}`);
  const [, level = '', properties = '', message = ''] = match;
  const data = (text: string): string =>
    text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
  const property = (text: string): string => data(text.replaceAll('%3A', ':').replaceAll('%2C', ','));
  return {
    level,
    properties: Object.fromEntries(
      properties.split(',').map((each) => {
        const at = each.indexOf('=');
        return [each.slice(0, at), property(each.slice(at + 1))];
      }),
    ),
    message: data(message),
  };
}

function annotations(run: readonly RunEvent[]): readonly Annotation[] {
  return written(githubReport, run)
    .split('\n')
    .filter((line) => line !== '')
    .map(parsed);
}

function summary(run: readonly RunEvent[]): string {
  return written(githubSummary, run);
}

/** So many findings, each with another id and line. */
function many(count: number, make: (changes: Partial<Finding>) => Finding): readonly Finding[] {
  return Array.from({ length: count }, (_, index) =>
    make({ id: `many-${index}`, title: `deviation ${index}`, at: { ...make({}).at, line: index + 1 } }),
  );
}

describe.each(Object.entries(runs))('a run that is %s', (_, run) => {
  it.each([
    ['annotations', githubReport],
    ['the summary', githubSummary],
  ])('tells no secret and steers no terminal in %s', (_name, make) => {
    const text = written(make, run);
    for (const secret of secrets) expect(text).not.toContain(secret);
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cs}]/u);
  });
});

describe('an annotation', () => {
  it('stands at the line of the contract', () => {
    const [, revoked] = annotations(deviating);
    expect(revoked?.level).toBe('error');
    expect(revoked?.properties).toEqual({
      file: 'openapi/matar/openapi.yaml',
      line: '214',
      col: '9',
      title: 'a token still works after its session was ended [state-conformance]',
    });
  });

  it('says what was expected, what came, and how to see it', () => {
    const message = annotations(deviating)[1]?.message.split('\n');
    expect(message).toContain('POST /api/v1/logout');
    expect(message).toContain('expected  401 {"message":"Token has been revoked"}');
    expect(message).toContain('actual    200 {"message":"Token has been removed"}');
    expect(message?.some((line) => line.startsWith('repeat    curl -i'))).toBe(true);
  });

  it('is an error, a warning or a notice', () => {
    expect(annotations(deviating).map(({ level }) => level)).toEqual(['error', 'error', 'warning', 'notice']);
  });

  it('escapes what would end a property or begin another command', () => {
    const title = 'a: b, c % d %0A e';
    const [first] = annotations(events({ findings: [schemaFinding({ title })] }));
    expect(first?.properties.title).toBe(`${title} [response-schema-conformance]`);
    const lines = written(githubReport, hostile).trimEnd().split('\n');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^::error file=/);
  });
});

describe('of one level', () => {
  it('ten findings are shown as they are', () => {
    const shown = annotations(events({ findings: many(10, schemaFinding) }));
    expect(shown.map(({ properties }) => properties.line)).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(String),
    );
  });

  it('more than ten are counted by the tenth, as GitHub drops the rest', () => {
    const findings = [...many(25, schemaFinding), noteFinding()];
    const shown = annotations(events({ findings }));
    expect(shown.filter(({ level }) => level === 'error')).toHaveLength(10);
    expect(shown[8]?.properties.title).toContain('deviation 8');
    expect(shown[9]?.message).toBe(
      '16 more findings of this level: the other reports of this run have all of them',
    );
    expect(shown.filter(({ level }) => level === 'notice')).toHaveLength(1);
  });
});

describe('a run that was stopped', () => {
  it.each([
    ['interrupted', interrupted, 'The run is incomplete: it was interrupted.'],
    [
      'unreachable',
      unreachable,
      'The run is incomplete: the server could not be reached: connect ECONNREFUSED 127.0.0.1:8080.',
    ],
  ])('is an error first of all: %s', (_, run, message) => {
    expect(annotations(run)[0]).toMatchObject({ level: 'error', message });
  });
});

it('a run without findings annotates nothing', () => {
  expect(written(githubReport, conforming)).toBe('');
});

describe('the summary of a job', () => {
  it.each([
    ['conforms', conforming, '## ✅ Conforms'],
    ['deviates', deviating, '## ❌ Does not conform: 2 violations, 1 undocumented, 1 note'],
    [
      'was interrupted',
      [...events().slice(0, 2), ...interrupted.slice(-1)],
      '## ❌ Does not conform: 1 violation',
    ],
    ['could not reach the server', unreachable, '## ❌ Could not reach the server'],
    ['has notes only', events({ findings: [noteFinding()] }), '## ✅ Conforms: 1 note'],
    ['was stopped early', events({ complete: false, stopped: 'time-limit' }), '## ⚠️ Incomplete'],
  ])('says first whether the server %s', (_, run, title) => {
    expect(summary(run).split('\n')[0]).toBe(title);
  });

  it('says why a run is incomplete', () => {
    expect(summary(events({ complete: false, stopped: 'request-limit' }))).toContain(
      '**The run is incomplete: the limit of requests was reached.**',
    );
  });

  it('has a row for each finding', () => {
    expect(summary(deviating)).toContain(
      '| violation | <code>POST /api/v1/logout</code> | a token still works after its session was ended | <code>state-conformance</code> | <code>openapi/matar/openapi.yaml&#58;214</code> | 14 (unstable: 1 of 3) |',
    );
  });

  it('has what was not exercised by its reason, and how much was', () => {
    const text = summary(events({ notExercised: gaps }));
    expect(text).toContain(
      '| 2 | the clock of the server cannot be moved | <code>POST /api/v1/login 400&#35;expired-otp</code>, ',
    );
    expect(text).toContain('| responses | 22 of 24 | 91 % |');
    expect(text).not.toContain('examples');
  });

  it('counts what is too much to show', () => {
    const text = summary(events({ findings: many(130, undocumentedFinding) }));
    expect(text).toContain('\nand 30 more findings\n');
    expect(text.split('<details>')).toHaveLength(21);
  });

  it('keeps a table a table, whatever a server sends', () => {
    const text = summary(hostile);
    const rows = text.split('\n').filter((line) => line.startsWith('|'));
    const cells = (row: string): number => row.split('|').length;
    const [head = '', , ...others] = rows.slice(0, 3);
    expect(others.map(cells)).toEqual([cells(head)]);
  });

  it('lets no markup of a server through', () => {
    const text = summary(hostile);
    const tags = new Set([...text.matchAll(/<\/?([^>]*)>/g)].map(([, name]) => name));
    expect([...tags].sort()).toEqual(['br', 'code', 'details', 'pre', 'summary']);
    for (const markup of ['`b`', '[link]', '@everyone', 'https://evil']) expect(text).not.toContain(markup);
  });

  it('names what the baseline knew and did not show', () => {
    const text = summary(events({ accepted: 3, vanished: [{ id: 'gone-6e', title: 'a 404 was a 400' }] }));
    expect(text).toContain('3 findings accepted by the baseline');
    expect(text).toContain('- a 404 was a 400 (<code>gone-6e</code>)');
  });

  it('says where an app in this process is', () => {
    expect(written(githubSummary, events({}, { base: undefined }))).toContain(
      'at an app in this process, 1,214 requests',
    );
  });

  it('shows the story of a finding', () => {
    const text = summary(events({ findings: [unstableFinding()] }));
    expect(text).toContain('<summary>POST /api/v1/logout&#58; a token still works');
    expect(text).toContain('2  POST /api/v1/logout -&#62; 200<br>');
  });
});

/** The baseline: what is accepted, what is new and what has gone, and the file that says so. */

import { describe, expect, it } from 'vitest';
import { applyBaseline, baselineText, readBaseline } from '../../conformance/baseline.js';
import type { Finding } from '../../conformance/event.js';
import { ContractError } from '../../openapi/contract-error.js';

function finding(id: string, more: Partial<Finding> = {}): Finding {
  return {
    id,
    check: 'token-conformance',
    verdict: 'violates',
    severity: 'error',
    phase: 'rules',
    operation: 'login',
    endpoint: 'POST /api/v1/login',
    at: { file: 'openapi.yaml', line: 1, column: 1, pointer: '' },
    specification: { sentence: 'A sentence', section: 'RFC 7519, section 4.1' },
    title: `Title of ${id}`,
    expected: 'eyJ.expected',
    actual: 'eyJ.actual',
    pointer: undefined,
    count: 1,
    confirmed: undefined,
    exchanges: [],
    workflow: {},
    ...more,
  };
}

const read = (findings: readonly Finding[]) => readBaseline(baselineText(findings), 'known.json');
const ids = (list: readonly { readonly id: string }[]): string[] => list.map(({ id }) => id);

describe('applied to findings', () => {
  it('tells those that it knows from those that are new, and names those that are gone', () => {
    const baseline = read([finding('a'), finding('b'), finding('gone')]);
    const { fresh, accepted, vanished } = applyBaseline(
      [finding('new'), finding('b'), finding('a', { title: 'another title', check: 'other' })],
      baseline,
    );
    expect([ids(fresh), ids(accepted)]).toEqual([['new'], ['b', 'a']]);
    expect(vanished).toEqual([{ id: 'gone', title: 'Title of gone' }]);
  });

  it('accepts nothing when it is empty', () => {
    const found = [finding('a')];
    expect(applyBaseline(found, read([]))).toEqual({ fresh: found, accepted: [], vanished: [] });
    expect(applyBaseline([], read(found)).vanished).toHaveLength(1);
  });

  it('names what is gone once, though it stands there twice', () => {
    const entry = { id: 'a', check: 'c', title: 't' };
    const text = JSON.stringify({ version: 1, findings: [entry, entry] });
    expect(applyBaseline([], readBaseline(text, 'known.json')).vanished).toEqual([{ id: 'a', title: 't' }]);
  });
});

describe('the text', () => {
  it('is for people to read, sorted, without anything that changes from run to run', () => {
    const about = { operation: undefined, check: 'error-leak' };
    expect(baselineText([finding('b'), finding('c', about), finding('a'), finding('b')])).toBe(`{
  "version": 1,
  "findings": [
    {
      "id": "c",
      "check": "error-leak",
      "title": "Title of c"
    },
    {
      "id": "a",
      "check": "token-conformance",
      "operation": "login",
      "title": "Title of a"
    },
    {
      "id": "b",
      "check": "token-conformance",
      "operation": "login",
      "title": "Title of b"
    }
  ]
}
`);
  });

  it('is the same in whatever order the findings came', () => {
    const list = ['Z', 'a', 'é', 'B'].flatMap((id) => [
      finding(id),
      finding(`${id}2`, { operation: 'logout' }),
      finding(`${id}3`, { check: 'a-check' }),
    ]);
    expect(baselineText(list.toReversed())).toBe(baselineText(list));
    const places = ids(read(list).findings).map((id) => id.replace(/\d/, ''));
    expect(places.slice(0, 4)).toEqual(['B', 'Z', 'a', 'é']);
  });

  it('has no secret', () => {
    const text = baselineText([finding('a', { title: 'the token eyJ.secret is shown' })], (line) =>
      line.replaceAll('eyJ.secret', '‹token 1›'),
    );
    expect(text).toContain('the token ‹token 1› is shown');
    expect(text).not.toContain('eyJ');
  });

  it('keeps the reasons that people have written', () => {
    const written = baselineText([finding('a'), finding('b')]).replace(
      '"title": "Title of a"',
      '"title": "Title of a", "reason": "Agreed with the vendor."',
    );
    const before = readBaseline(written, 'known.json');
    const text = baselineText([finding('b'), finding('a')], undefined, before);
    expect(readBaseline(text, 'known.json').findings).toMatchObject([
      { id: 'a', reason: 'Agreed with the vendor.' },
      { id: 'b', reason: undefined },
    ]);
  });
});

describe('a file', () => {
  it('may be YAML, and begin with a byte-order mark', () => {
    const text = '\ufeffversion: 1\nfindings:\n  - { id: a, check: c, title: t, operation: o }\n';
    expect(readBaseline(text, 'known.yaml').findings).toEqual([
      { id: 'a', check: 'c', operation: 'o', title: 't', reason: undefined },
    ]);
  });

  const good = '{ "id": "a", "check": "c", "title": "t" }';
  it.each([
    ['is empty', '', /^known\.json:1:1: this is no baseline, which is an object with "version": 1/],
    ['is a list', '[]', /^known\.json:1:1: this is no baseline/],
    ['has no version', '{ "findings": [] }', /^known\.json:1:1: this is no baseline/],
    [
      'is of a later version',
      '{\n  "version": 2,\n  "findings": []\n}',
      /^known\.json:2:3: this is a baseline of version 2\. This program reads version 1\. Write it anew with --update-baseline\.$/,
    ],
    ['has no findings', '{ "version": 1 }', /^known\.json:1:1: this is no baseline/],
    ['has no list of them', '{ "version": 1,\n "findings": {} }', /^known\.json:2:2: this is no baseline/],
    ['is cut off', '{ "version": 1,\n "findings": [', /^known\.json:2:15: a closing ] is missing/],
    ['has a conflict', '{\n<<<<<<< HEAD\n "version": 1 }', /^known\.json:\d+:\d+: /],
  ])('%s: where, and what to do', (_, text, message) => {
    expect(() => readBaseline(text, 'known.json')).toThrow(ContractError);
    expect(() => readBaseline(text, 'known.json')).toThrow(message);
  });

  it.each([
    '1',
    '{ "id": "", "check": "c", "title": "t" }',
    '{ "id": "a" }',
    `{ "id": 1, "check": "c", "title": "t" }`,
    '{ "id": "a", "check": "c", "title": "t", "reason": 1 }',
  ])('has entries that are none, each told: %s', (entry) => {
    const text = `{ "version": 1, "findings": [\n${good},\n${entry},\n${good},\n${entry}] }`;
    const told =
      /^known\.json:3:1: this is no accepted finding\. Give .*\nknown\.json:5:1: this is no accepted/;
    expect(() => readBaseline(text, 'known.json')).toThrow(told);
  });
});

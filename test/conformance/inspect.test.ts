/** All checks asked about an exchange: what users make of their deviations, and one cause told once. */

import { describe, expect, test } from 'vitest';
import type { Check, Deviation, Exchange } from '../../conformance/check.js';
import type { Severity } from '../../conformance/event.js';
import { createInspect, type Levels } from '../../conformance/inspect.js';
import type { Operation } from '../../openapi/contract.js';
import { matar } from '../mock/contracts.js';

const deviation: Deviation = { title: 'it differs', expected: 'this', actual: 'that' };

function checkOf(
  name: string,
  found: readonly Deviation[] = [deviation],
  severity: Severity = 'error',
): Check {
  const specification = { sentence: 'It is so.', section: 'RFC 0' };
  return { name, promise: 'It is so.', specification, severity, begin: () => () => found };
}

const [login] = matar.operations;

function exchangeOf(operation: Operation | undefined): Exchange {
  const situation = { kind: 'valid', methods: [], violations: [], inferred: false, operation } as const;
  return {
    contract: matar,
    operation,
    request: { method: 'POST', path: '/', query: '', fields: [], content: undefined },
    outcome: { kind: 'failure', failure: 'reset', why: 'closed', faults: [], partial: undefined },
    response: undefined,
    body: undefined,
    startedAt: 0,
    milliseconds: 0,
    situation: { ...situation, authentication: 'not-needed', permitted: [] },
    judgement: { kind: 'silent' },
    secrets: [],
    clockMoved: false,
  };
}

const plain: Levels = { checks: {}, operations: {}, strict: false };

function found(checks: readonly Check[], levels: Partial<Levels> = {}, operation = login): readonly string[] {
  const inspect = createInspect(checks, { ...plain, ...levels }, { responseTime: undefined });
  return inspect(exchangeOf(operation)).map(({ check, severity }) => `${check.name} ${severity}`);
}

type Row = readonly [
  what: string,
  own: Severity,
  deviation: Severity | undefined,
  levels: Partial<Levels>,
  severity: Severity | 'off',
];

const by = (level: Severity | 'off') => ({ checks: { a: level } });

describe('a deviation', () => {
  test.for<Row>([
    ['is what its check says', 'error', undefined, {}, 'error'],
    ['is what its check says', 'note', undefined, {}, 'note'],
    ['is what it says itself', 'error', 'note', {}, 'note'],
    ['is what it says itself', 'note', 'error', {}, 'error'],
    ['is what the user says', 'error', undefined, by('note'), 'note'],
    ['is what the user says', 'note', undefined, by('error'), 'error'],
    ['is what the user says', 'error', 'error', by('note'), 'note'],
    ['is left out', 'error', 'note', by('off'), 'off'],
    ['is left out even when notes are errors', 'error', undefined, { ...by('off'), strict: true }, 'off'],
    ['of what is inferred stays a note', 'error', 'note', by('error'), 'note'],
    [
      'of what is inferred is an error when notes are',
      'error',
      'note',
      { ...by('error'), strict: true },
      'error',
    ],
    ['is an error when notes are', 'note', undefined, { strict: true }, 'error'],
    ['is what the user says of another check not', 'note', undefined, { checks: { b: 'error' } }, 'note'],
    ['is what is said of its operation', 'error', undefined, { operations: { login: by('note') } }, 'note'],
    [
      'is what is said of its endpoint',
      'error',
      undefined,
      { operations: { 'POST /api/v1/login': by('off') } },
      'off',
    ],
    [
      'is what is said of its endpoint with the method in other letters',
      'error',
      undefined,
      { operations: { 'post /api/v1/login': by('off') } },
      'off',
    ],
    ['is left to another operation', 'error', undefined, { operations: { logout: by('off') } }, 'error'],
    [
      'is what is said of its operation first',
      'note',
      undefined,
      { ...by('off'), operations: { login: by('error') } },
      'error',
    ],
    [
      'is what is said of its id before what is said of its endpoint',
      'error',
      undefined,
      { operations: { 'POST /api/v1/login': by('off'), login: by('note') } },
      'note',
    ],
    [
      'is what is said of its id first, wherever that stands',
      'error',
      undefined,
      { operations: { login: by('note'), 'POST /api/v1/login': by('off') } },
      'note',
    ],
    [
      'is what is said of its endpoint where its id is not spoken of',
      'error',
      undefined,
      { operations: { login: { checks: { b: 'off' } }, 'POST /api/v1/login': by('note') } },
      'note',
    ],
    [
      'is left out of its operation when notes are errors',
      'note',
      undefined,
      { operations: { login: by('off') }, strict: true },
      'off',
    ],
  ])('%s: check %s, itself %s, levels %j: %s', ([, own, itself, levels, severity]) => {
    const each = { ...deviation, ...(itself === undefined ? {} : { severity: itself }) };
    expect(found([checkOf('a', [each], own)], levels)).toEqual(severity === 'off' ? [] : [`a ${severity}`]);
  });

  test('of no operation is what is said of its check alone', () => {
    const levels = { checks: { a: 'note' }, operations: { '': { checks: { a: 'off' } } } } as const;
    const inspect = createInspect([checkOf('a')], { ...plain, ...levels }, { responseTime: undefined });
    expect(inspect(exchangeOf(undefined)).map(({ severity }) => severity)).toEqual(['note']);
  });

  test('of an operation with the name of something inherited is like any other', () => {
    if (login === undefined) throw new TypeError('Matar has no operations.');
    expect(found([checkOf('a')], {}, { ...login, id: 'constructor' })).toEqual(['a error']);
  });

  test.each([true, false])('is handed over as it was found: with all its checks, strict %s', (strict) => {
    const check = checkOf('a', [deviation, { ...deviation, severity: 'note' }]);
    const inspect = createInspect([check], { ...plain, strict }, { responseTime: undefined });
    const [first, second] = inspect(exchangeOf(login));
    expect(first).toEqual({ check, deviation, severity: 'error' });
    expect(second?.severity).toBe(strict ? 'error' : 'note');
  });
});

describe('a general check', () => {
  const general = 'state-conformance';
  test.for<[name: string, checks: readonly Check[], levels: Partial<Levels>, found: readonly string[]]>([
    ['speaks when nobody else does', [checkOf('a', []), checkOf(general)], {}, [`${general} error`]],
    ['is silent after an error', [checkOf('a'), checkOf(general)], {}, ['a error']],
    [
      'speaks after a note',
      [checkOf('a', [deviation], 'note'), checkOf(general)],
      {},
      ['a note', `${general} error`],
    ],
    [
      'speaks after what the user leaves out',
      [checkOf('a'), checkOf(general)],
      { checks: { a: 'off' } },
      [`${general} error`],
    ],
    ['speaks before an error', [checkOf(general), checkOf('a')], {}, [`${general} error`, 'a error']],
    ['does not silence a special one', [checkOf(general), checkOf('a')], {}, [`${general} error`, 'a error']],
    ['is silenced by another general one', [checkOf('stability'), checkOf(general)], {}, ['stability error']],
  ])('%s', ([, checks, levels, expected]) => {
    expect(found(checks, levels)).toEqual(expected);
  });

  test('is asked even where it is not heard, for it may remember', () => {
    let asked = 0;
    const remembering: Check = {
      ...checkOf(general),
      begin: () => () => {
        asked += 1;
        return [];
      },
    };
    found([checkOf('a'), remembering]);
    expect(asked).toBe(1);
  });
});

test('each run begins its checks once, with the settings', () => {
  const begun: unknown[] = [];
  const check: Check = {
    ...checkOf('a'),
    begin(settings) {
      begun.push(settings);
      return () => [];
    },
  };
  const inspect = createInspect([check], plain, { responseTime: 7 });
  inspect(exchangeOf(login));
  inspect(exchangeOf(login));
  expect(begun).toEqual([{ responseTime: 7 }]);
});

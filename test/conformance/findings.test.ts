/** Deviations brought together: which are one finding, by which id, and what is kept of it. */

import { describe, expect, test } from 'vitest';
import type { Check, Deviation, Exchange } from '../../conformance/check.js';
import type { ExchangeRecord } from '../../conformance/event.js';
import { createFindings, findingOf, idOf, type Shown } from '../../conformance/findings.js';
import { callStep } from '../../conformance/plan/draft.js';
import type { Planned } from '../../conformance/planned.js';
import type { Workflow } from '../../openapi/arazzo/workflow.js';
import type { Operation } from '../../openapi/contract.js';
import { matar } from '../mock/contracts.js';

const operationOf = (id: string): Operation => {
  const found = matar.operations.find((operation) => operation.id === id);
  if (found === undefined) throw new TypeError(`There is no ${id}.`);
  return found;
};
const [login, logout] = [operationOf('login'), operationOf('logout')];

const check: Pick<Check, 'name' | 'specification' | 'severity'> = {
  name: 'state-conformance',
  specification: { sentence: 'It is so.', section: 'RFC 0' },
  severity: 'error',
};

function exchangeOf(operation: Operation | undefined, method = 'POST'): Exchange {
  return {
    contract: matar,
    operation,
    request: { method, path: '/x', query: '', fields: [], content: undefined },
    outcome: { kind: 'failure', failure: 'reset', why: 'closed', faults: [], partial: undefined },
    response: undefined,
    body: undefined,
    startedAt: 0,
    milliseconds: 0,
    situation: {
      kind: 'valid',
      operation,
      methods: [],
      violations: [],
      inferred: false,
      authentication: 'not-needed',
      permitted: [],
    },
    judgement: { kind: 'silent' },
    secrets: [],
    clockMoved: false,
  };
}

const workflow: Workflow = {
  id: 'w',
  summary: undefined,
  description: undefined,
  inputs: [],
  dependsOn: [],
  steps: [],
  successActions: [],
  failureActions: [],
  outputs: [],
  parameters: [],
  provenance: { kind: 'documented', source: undefined },
  at: undefined,
};
const planned: Planned = { workflow, phase: 'rules', operation: login, takesTime: false };
const record = (id: number): ExchangeRecord => ({
  id,
  workflow: 'w',
  phase: 'rules',
  step: 's',
  operation: 'login',
  request: exchangeOf(login).request,
  outcome: exchangeOf(login).outcome,
  startedAt: 0,
  milliseconds: 0,
});

const deviation: Deviation = { title: 'it differs', expected: 'this', actual: 'that' };

function shownOf(more: Partial<Shown> = {}, of: Partial<Deviation> = {}): Shown {
  return {
    check,
    deviation: { ...deviation, ...of },
    severity: 'error',
    exchange: exchangeOf(login),
    planned,
    exchanges: [record(1)],
    step: 's',
    ...more,
  };
}

const id = idOf(shownOf());

describe('the id of a finding', () => {
  test('is letters and digits, and the same in every run', () => {
    expect(id).toMatch(/^[0-9a-f]{12}$/);
    expect(idOf(shownOf())).toBe(id);
    expect(id).toBe('61a1b3d91147'); // another one makes every baseline worthless
  });

  const here = { file: 'openapi.yaml', pointer: '/paths' };
  test.for<[what: string, shown: Shown]>([
    ['values that were sent and came', shownOf({}, { expected: 'x', actual: 'y' })],
    ['words', shownOf({}, { title: 'another' })],
    ['the verdict that is said anyway', shownOf({}, { verdict: 'violates' })],
    ['the place that is said anyway', shownOf({}, { at: login.at })],
    ['the file, which may lie elsewhere', shownOf({}, { at: { ...login.at, file: '/elsewhere.yaml' } })],
    ['the pointer that points to the whole', shownOf({}, { pointer: '' })],
    ['the sequence', shownOf({ exchanges: [record(1), record(2)], step: 'other' })],
    ['the phase', shownOf({ planned: { ...planned, phase: 'schema' } })],
    ['the method of HEAD for GET', shownOf({ exchange: exchangeOf(login, 'HEAD') })],
  ])('does not depend on %s', ([, shown]) => {
    expect(idOf(shown)).toBe(id);
  });

  const others: readonly (readonly [what: string, shown: Shown])[] = [
    ['the check', shownOf({ check: { ...check, name: 'stability' } })],
    ['the operation', shownOf({ exchange: exchangeOf(logout) })],
    [
      'the operation, where the place is the same',
      shownOf({ exchange: exchangeOf(logout) }, { at: login.at }),
    ],
    ['the place', shownOf({}, { at: here })],
    ['the verdict', shownOf({}, { verdict: 'undocumented' })],
    ['the severity', shownOf({ severity: 'note' })],
    ['the pointer', shownOf({}, { pointer: '/a' })],
    ['another pointer', shownOf({}, { pointer: '/a/b' })],
    ['the method of no operation', shownOf({ exchange: exchangeOf(undefined, 'PURGE') })],
    ['another method of no operation', shownOf({ exchange: exchangeOf(undefined, 'TRACE') })],
  ];
  test.for(others)('depends on %s', ([, shown]) => {
    const ids = [shownOf(), ...others.map(([, other]) => other)].map(idOf);
    expect(ids.filter((other) => other === idOf(shown))).toHaveLength(1);
  });

  test.for<[a: string, b: string, isSame: boolean]>([
    ['/items/0', '/items/17', true],
    ['/items/0/name', '/items/1/name', true],
    ['/0/1', '/2/3', true],
    ['/items/0', '/items/x', false],
    ['/items/0', '/items', false],
    ['/v1', '/v2', false],
    ['/1st', '/2nd', false],
  ])('at %s and %s is the same: %s', ([a, b, isSame]) => {
    expect(idOf(shownOf({}, { pointer: a })) === idOf(shownOf({}, { pointer: b }))).toBe(isSame);
  });
});

describe('the findings of a run', () => {
  test('are one for each cause, in the order in which they first showed', () => {
    const findings = createFindings();
    const other = shownOf({ exchange: exchangeOf(logout) });
    const added = [other, shownOf(), other, other].map((shown) => findings.add(shown));
    expect(added.map(({ isNew }) => isNew)).toEqual([true, true, false, false]);
    expect(added[3]?.kept).toBe(added[0]?.kept);
    expect(findings.list().map(({ id: each, count }) => [each, count])).toEqual([
      [idOf(other), 3],
      [id, 1],
    ]);
  });

  test('keep the shortest sequence, and of those the first', () => {
    const findings = createFindings();
    const [long, short, alike, longer] = [3, 2, 2, 4].map((length) =>
      shownOf({ exchanges: Array.from({ length }, (_, index) => record(index)) }),
    );
    for (const shown of [long, short, alike, longer]) if (shown !== undefined) findings.add(shown);
    expect(findings.list()[0]?.shown).toBe(short);
    expect(findings.list()[0]?.count).toBe(4);
  });

  test('in as many calls are shown in the simpler ones: fewer values, no waits, less to tell', () => {
    const asked = { name: 'a', asks: 'a', for: {}, schema: {}, required: true };
    const waiting = callStep('s', login, { wait: { days: 1 } });
    const of = (more: Partial<Workflow>): Shown =>
      shownOf({ planned: { ...planned, workflow: { ...workflow, ...more } } });
    const sequences = [
      of({ inputs: [asked], steps: [waiting] }),
      of({ steps: [waiting] }),
      of({ steps: [callStep('s', login, { parameters: [{ name: 'p', in: 'query', value: 'long' }] })] }),
      of({ steps: [callStep('s', login)] }),
    ];
    for (const order of [sequences, sequences.toReversed()]) {
      const findings = createFindings();
      for (const each of order) findings.add(each);
      expect(findings.list()[0]?.shown).toBe(sequences.at(-1));
    }
  });

  test('that show again when they are tried again are not counted, but may be shorter', () => {
    const findings = createFindings();
    findings.add(shownOf({ exchanges: [record(1), record(2)] }));
    const shorter = shownOf();
    findings.again(shorter);
    findings.again(shownOf({ severity: 'note' }));
    expect(findings.list()).toHaveLength(1);
    expect(findings.list()[0]).toMatchObject({ count: 1, shown: shorter });
  });

  test('that are tried again give way only to what shows then', () => {
    const [long, short, shorter] = [3, 2, 1].map((length) =>
      shownOf({ exchanges: Array.from({ length }, (_, index) => record(index)) }),
    );
    if (long === undefined || short === undefined || shorter === undefined) throw new Error('there are none');
    const findings = createFindings();
    const { kept } = findings.add(long);
    kept.isTried = true;
    findings.add(shorter);
    expect(kept).toMatchObject({ count: 2, shown: long });
    findings.again(short);
    expect(kept).toMatchObject({ count: 2, shown: short });
    kept.isTried = false;
    findings.add(shorter);
    expect(kept).toMatchObject({ count: 3, shown: shorter });
  });
});

describe('a finding', () => {
  const kept = (shown: Shown) => ({
    id: 'abc',
    shown,
    count: 3,
    confirmed: { shown: 1, of: 2 },
    isTried: true,
  });

  test('tells what deviates, where, how often, and by which sequence', () => {
    const shown = shownOf({}, { pointer: '/a' });
    const finding = findingOf(matar, kept(shown), () => ({ arazzo: '1.0.1' }));
    expect(finding).toMatchObject({
      ...deviation,
      id: 'abc',
      check: 'state-conformance',
      verdict: 'violates',
      severity: 'error',
      phase: 'rules',
      operation: 'login',
      endpoint: 'POST /api/v1/login',
      specification: check.specification,
      pointer: '/a',
      count: 3,
      confirmed: { shown: 1, of: 2 },
      exchanges: [record(1)],
      workflow: { arazzo: '1.0.1' },
    });
  });

  test('stands at the place that it names; else at its operation; else at the document', () => {
    const at = (shown: Shown) => findingOf(matar, kept(shown), () => ({})).at;
    const transition = login.transitions[0];
    expect(at(shownOf({}, { at: transition?.at }))).toMatchObject({ pointer: transition?.at.pointer });
    expect(at(shownOf())).toEqual({ ...matar.locate(login.at), pointer: login.at.pointer });
    const of = findingOf(matar, kept(shownOf({ exchange: exchangeOf(undefined) })), () => ({}));
    expect(of).toMatchObject({
      operation: undefined,
      endpoint: undefined,
      at: { pointer: '', line: 1, column: 1 },
    });
  });
});

/** A table of requests and what each is answered, when nothing in the state may change by it. */

import { expect, test } from 'vitest';
import { createMock, type MockOptions } from '../../mock/index.js';
import type { Contract, JsonObject } from '../../openapi/index.js';
import { stateOf } from './contracts.js';

export type Case = {
  readonly name: string;
  /** Method and path, `POST /login`. */
  readonly request: `${string} /${string}`;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text and bytes as they are, anything else as JSON with its media type. */
  readonly body?: string | Uint8Array<ArrayBuffer> | JsonObject | readonly unknown[];
  readonly status: number;
  /** The documented answer, word for word; undefined where a problem is expected. */
  readonly text?: string;
  /** The name of the problem. */
  readonly problem?: string;
  /** Every violation that the problem names, in order: `query #/limit maximum`. */
  readonly violations?: readonly string[];
  /** Members of the problem. */
  readonly details?: JsonObject;
  /** Fields of the answer; null where there must be none. */
  readonly fields?: Readonly<Record<string, string | null>>;
};

type Violation = { readonly in: string; readonly pointer: string; readonly keyword: string };

/** Each request gets its answer, from a mock of its own, and changes nothing. */
export function answers(contract: Contract, cases: readonly Case[], options: MockOptions = {}): void {
  test.each(cases)('$name: $status', async (row) => {
    const mock = createMock(contract, { seed: 1, ...options });
    const before = stateOf(mock);
    const [method = '', target = ''] = row.request.split(/ (.*)/);
    const isRaw = row.body === undefined || typeof row.body === 'string' || row.body instanceof Uint8Array;
    const response = await mock.request(target, {
      method,
      headers: { ...(isRaw ? {} : { 'content-type': 'application/json' }), ...row.headers },
      body: isRaw ? (row.body ?? null) : JSON.stringify(row.body),
    });
    const text = await response.text();
    expect([response.status, stateOf(mock)]).toEqual([row.status, before]);
    for (const [name, value] of Object.entries(row.fields ?? {})) {
      expect([name, response.headers.get(name)]).toEqual([name, value]);
    }
    if (row.problem === undefined) expect(text).toBe(row.text ?? '');
    else expectProblem(row, text, response.headers.get('content-type'));
  });
}

function expectProblem(row: Case, text: string, contentType: string | null): void {
  expect([text === '' ? 'none' : contentType]).toEqual(['application/problem+json']);
  const details = JSON.parse(text);
  const type = `urn:counterfoil:problem:${row.problem}`;
  expect(details).toMatchObject({ type, status: row.status, ...row.details });
  expect(details.title).toMatch(/^[A-Z].*[^.]$/);
  expect(details.detail).toMatch(/\.$|\?$/);
  const found = details.errors?.map((error: Violation) => `${error.in} ${error.pointer} ${error.keyword}`);
  expect(found).toEqual(row.violations);
}

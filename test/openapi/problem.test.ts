/** Problem details: the members of RFC 9457, and the message that carries them. */

import { describe, expect, test } from 'vitest';
import { type ProblemName, problemDetails, problemResponse } from '../../openapi/http/problem.js';

const statuses: readonly (readonly [ProblemName, number])[] = [
  ['unknown-path', 404],
  ['unknown-method', 405],
  ['missing-credential', 401],
  ['unsupported-media-type', 415],
  ['not-acceptable', 406],
  ['content-too-large', 413],
  ['invalid-request', 400],
  ['impossible-preference', 400],
  ['no-rule', 501],
  ['no-response', 501],
  ['internal-error', 500],
];

describe('a problem', () => {
  test.each(statuses)('%s has status %i and a type of its own', (name, status) => {
    const problem = problemDetails(name, 'This happened.', { violations: [1] });
    expect(problem).toEqual({
      type: `urn:counterfoil:problem:${name}`,
      title: expect.stringMatching(/^[A-Z].*[^.]$/),
      status,
      detail: 'This happened.',
      violations: [1],
    });
  });

  test('is sent as what it is', () => {
    const problem = problemDetails('unknown-method', 'There is no PUT – só.');
    const { status, fields, content } = problemResponse(problem, [['allow', 'GET']]);
    expect([status, fields]).toEqual([
      405,
      [
        ['content-type', 'application/problem+json'],
        ['allow', 'GET'],
      ],
    ]);
    expect(JSON.parse(new TextDecoder().decode(content))).toEqual(problem);
  });
});

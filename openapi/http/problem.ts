/** The problems that we raise ourselves, as problem details (RFC 9457): one table, and how one becomes a message. */

import type { Json, JsonObject } from '../json.js';
import type { Field, ResponseMessage } from './message.js';

const problems = {
  'unknown-path': { status: 404, title: 'The contract has no such path' },
  'unknown-method': { status: 405, title: 'The path does not have this method' },
  'missing-credential': { status: 401, title: 'A credential is needed' },
  'unsupported-media-type': {
    status: 415,
    title: 'The content has a media type that the operation does not take',
  },
  'not-acceptable': { status: 406, title: 'No response has a media type that is acceptable' },
  'content-too-large': { status: 413, title: 'The content is larger than this server takes' },
  'invalid-request': { status: 400, title: 'The request breaks the contract' },
  'impossible-preference': { status: 400, title: 'The preference cannot be honoured' },
  'no-rule': { status: 501, title: 'No state rule of the contract covers this request' },
  'no-response': { status: 501, title: 'The contract documents no response' },
  'internal-error': { status: 500, title: 'This server failed' },
} as const;

export type ProblemName = keyof typeof problems;

/** Problem details (RFC 9457, section 3), with extension members. */
export type Problem = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly [extension: string]: Json;
};

/** The details of a problem. `detail` says what happened this time, and what to do. */
export function problemDetails(name: ProblemName, detail: string, extensions: JsonObject = {}): Problem {
  const { status, title } = problems[name];
  return { type: `urn:counterfoil:problem:${name}`, title, status, detail, ...extensions };
}

/** A problem as a response, `application/problem+json`. */
export function problemResponse(problem: Problem, fields: readonly Field[] = []): ResponseMessage {
  return {
    status: problem.status,
    fields: [['content-type', 'application/problem+json'], ...fields],
    content: new TextEncoder().encode(JSON.stringify(problem)),
  };
}

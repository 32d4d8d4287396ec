/** Each operation of a served document called once, and its answer held against the document. */

import type { Target } from '../../conformance/target.js';
import type { Contract, Operation } from '../../openapi/contract.js';
import type { RequestMessage } from '../../openapi/http/message.js';
import type { IndependentSchemas } from './independent-schemas.js';
import type { DescribedOperation, Description } from './reading.js';
import { type Made, requestMaker } from './requests.js';
import { verdictOf } from './verdict.js';

/** What was wrong with an operation. */
export type Failing = {
  readonly operation: string;
  readonly kind: 'no-request' | 'invalid' | 'internal-error' | 'hang' | 'crash';
  readonly status: number | undefined;
  readonly what: string;
  readonly request: string | undefined;
};

/** What became of the operations so far. */
export type Called = {
  /** The operations that the document describes. */
  readonly tried: number;
  readonly valid: number;
  /** Of these, those that were answered with a success. */
  readonly successes: number;
  /** Of the valid ones, those whose content the validator could not look at. */
  readonly unchecked: readonly string[];
  readonly failing: readonly Failing[];
};

export type Calling = {
  readonly description: Description;
  readonly contract: Contract;
  readonly schemas: IndependentSchemas;
  /** The mock, at its root. */
  readonly target: Target;
  /** What the mock said when it ended, if it has. */
  readonly ended: () => string | undefined;
  /** Told what is called next, and what there is so far. */
  readonly next: (operation: string, sofar: Called) => void;
};

/** Calls the operations in the order of the document. */
export async function callOperations(calling: Calling): Promise<Called> {
  const { description, contract, ended, next } = calling;
  const make = requestMaker(contract);
  const failing: Failing[] = [];
  const unchecked: string[] = [];
  const called = { tried: description.operations.length, valid: 0, successes: 0, unchecked, failing };
  for (const operation of description.operations) {
    const name = `${operation.method} ${operation.path}`;
    next(name, called);
    const made = await madeFor(contract, operation, make);
    if (made.kind === 'none') {
      failing.push({
        operation: name,
        kind: 'no-request',
        status: undefined,
        what: made.why,
        request: undefined,
      });
      continue;
    }
    const answer = await answerTo(calling, operation, made.request);
    if (answer.kind === 'failing') {
      const { because: kind, status, what } = answer;
      failing.push({ operation: name, kind, status, what, request: requestText(made.request) });
    } else {
      called.valid += 1;
      if (answer.status < 400) called.successes += 1;
      if (answer.unchecked !== undefined) unchecked.push(`${name}: ${answer.unchecked}`);
    }
    if (ended() !== undefined) break;
  }
  return called;
}

/** The request for the operation of the contract that the document describes so. */
async function madeFor(
  { operations }: Contract,
  { method, path }: DescribedOperation,
  make: (operation: Operation) => Promise<Made>,
): Promise<Made> {
  const operation = operations.find((each) => each.method === method && each.path === path);
  if (operation === undefined) return { kind: 'none', why: 'the operation is not served' };
  try {
    return await make(operation);
  } catch (error) {
    return { kind: 'none', why: `making it throws ${error instanceof Error ? error.stack : error}` };
  }
}

type Answer =
  | { readonly kind: 'right'; readonly status: number; readonly unchecked: string | undefined }
  | {
      readonly kind: 'failing';
      readonly because: Failing['kind'];
      readonly status: number | undefined;
      readonly what: string;
    };

async function answerTo(
  { description, schemas, target, ended }: Calling,
  operation: DescribedOperation,
  request: RequestMessage,
): Promise<Answer> {
  let outcome = await target(request);
  // What is looked up by a made-up name is not there: then the success is asked for.
  if (outcome.kind === 'response' && outcome.response.status === 404) {
    const { status = '200' } = operation.responses.find((response) => /^2/.test(response.status)) ?? {};
    const prefer = ['prefer', `code=${status.replace(/xx$/i, '00')}`] as const;
    outcome = await target({ ...request, fields: [...request.fields, prefer] });
  }
  if (outcome.kind === 'failure') {
    const end = ended();
    const because = end !== undefined ? 'crash' : outcome.failure === 'timeout' ? 'hang' : 'invalid';
    return { kind: 'failing', because, status: undefined, what: end ?? `${outcome.failure}: ${outcome.why}` };
  }
  const { response } = outcome;
  const { status } = response;
  const { wrong, unchecked } = await verdictOf(description.files, schemas, operation, response);
  if (wrong === undefined) return { kind: 'right', status, unchecked };
  return { kind: 'failing', because: status === 500 ? 'internal-error' : 'invalid', status, what: wrong };
}

function requestText({ method, path, query, fields, content }: RequestMessage): string {
  const body = content === undefined ? '' : `\n\n${new TextDecoder().decode(content.slice(0, 2000))}`;
  const head = fields.map(([name, value]) => `\n${name}: ${value}`).join('');
  return `${method} ${path}${query === '' ? '' : `?${query}`}${head}${body}`;
}

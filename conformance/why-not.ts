/** Why something of an operation was not exercised, by what came of the requests to it: in words that need no explanation. */

import type { Operation } from '../openapi/contract.js';
import type { Exchange } from './check.js';

/** What an operation has answered to valid requests, and whether it has been asked at all. */
export type Answers = {
  /** How often each status came. */
  readonly statuses: Map<number, number>;
  /** How many valid requests were sent, and how many requests at all. */
  valid: number;
  sent: number;
};

/** What is known of a run besides what was exchanged. */
export type Circumstances = {
  /** Only safe methods were called. */
  readonly safe?: boolean;
  /** Why an operation was not called, as its workflows have told, by its id. */
  readonly missed?: ReadonlyMap<string, string>;
  /** The ids that an operation is called with and that the run had from nobody. */
  readonly ungiven?: (operation: Operation) => readonly Ungiven[];
};

/** An id that is called for. `foreign`: there are some, of things that were there before the run. */
export type Ungiven = { readonly name: string; readonly why: 'nobody' | 'foreign' };

export function noAnswers(): Answers {
  return { statuses: new Map(), valid: 0, sent: 0 };
}

/** Takes an exchange into account. */
export function took(
  answers: Answers,
  { situation, response }: Pick<Exchange, 'situation' | 'response'>,
): void {
  answers.sent += 1;
  if (situation.kind !== 'valid') return;
  answers.valid += 1;
  if (response !== undefined)
    answers.statuses.set(response.status, (answers.statuses.get(response.status) ?? 0) + 1);
}

/** Why no request came to an operation, or none that counts. */
export function whyNotCalled(
  operation: Operation,
  answers: Answers,
  { safe, missed }: Circumstances,
): string | undefined {
  if (answers.sent === 0) {
    if (safe === true && !/^(?:GET|HEAD|OPTIONS)$/.test(operation.method))
      return `it is no safe method, and only these are called (--safe)`;
    return missed?.get(operation.id);
  }
  if (answers.valid === 0) return missed?.get(operation.id) ?? 'no valid request was sent to it';
  return refusal(operation, answers, {});
}

/** Why a response of a kind never came, though valid requests were sent: for a success, what came instead. */
export function whyNotAnswered(
  operation: Operation,
  status: string,
  answers: Answers,
  circumstances: Circumstances,
): string | undefined {
  const uncalled = answers.valid === 0 ? whyNotCalled(operation, answers, circumstances) : undefined;
  if (uncalled !== undefined) return uncalled;
  if (status.startsWith('2')) {
    const isOther = [...answers.statuses.keys()].some((each) => each >= 200 && each < 300);
    return isOther ? 'the server succeeded with another status' : refusal(operation, answers, circumstances);
  }
  if (status.startsWith('5')) return 'the server did not fail so';
  if (status === '429') return 'the server was not asked too often';
  return undefined;
}

/** What came of all valid requests, where none succeeded. */
function refusal(
  operation: Operation,
  { statuses, valid }: Answers,
  { ungiven }: Circumstances,
): string | undefined {
  if (valid === 0) return undefined;
  const list = [...statuses].toSorted((a, b) => b[1] - a[1]).map(([status]) => status);
  const [most] = list;
  if (most === undefined) return 'the server did not answer any valid request';
  if (list.some((status) => status < 400)) return undefined;
  const told = list.slice(0, 3).join(', ');
  if (list.every((status) => status >= 500)) return `the server failed at every valid request (${told})`;
  const hint = hintFor(most, operation, ungiven?.(operation) ?? []);
  return `the server refused every valid request (${told})${hint === undefined ? '' : `: ${hint}`}`;
}

function hintFor(status: number, operation: Operation, ungiven: readonly Ungiven[]): string | undefined {
  if (status === 401 || status === 403) return 'the credential that was sent does not let it in';
  const foreign = ungiven.filter(({ why }) => why === 'foreign');
  const [first] = foreign.length > 0 ? foreign : ungiven;
  if (first !== undefined && foreign.length > 0)
    return `the run has made nothing that it could be called for, and leaves alone what was there before; give one with --input ${first.name}=…`;
  if (first !== undefined) {
    const names = ungiven.map(({ name }) => name).join(', ');
    return `no operation gives a value for ${names}; give one with --input ${first.name}=…`;
  }
  const needsFile = operation.requestBody?.content.some(({ mediaType }) =>
    /multipart|octet-stream|^image|^audio|^video/.test(mediaType),
  );
  return needsFile === true ? 'it takes a file, and one that was made up will not do' : undefined;
}

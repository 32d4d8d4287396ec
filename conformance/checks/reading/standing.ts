/** How firmly the contract stands behind what it says of a response, in the situation in which it came. */

import { isJson, matchesRange, parseMediaType } from '../../../openapi/content/media-type.js';
import { type DocumentedResponse, type Operation, responseFor } from '../../../openapi/contract.js';
import { fieldValue } from '../../../openapi/http/message.js';
import { rememberedOnce } from '../../../openapi/remembered.js';
import type { Deviation, Exchange } from '../../check.js';
import { isUnpredictable } from './request.js';
import { isProblem } from './response.js';
import { isUnusualRefused } from './unusual.js';

/** What a deviation is: as the check has it, or less. */
export type Standing = Pick<Deviation, 'verdict' | 'severity'>;

/** The contract says so. */
const firm: Standing = {};
/** Nobody says so: it is only inferred, or the contract is silent. */
export const loose: Standing = { verdict: 'undocumented', severity: 'note' };

/** The standing of what a statement of the contract says, when it may be inferred. */
export function standingOf(isInferred: boolean): Standing {
  return isInferred ? loose : firm;
}

/** Whether all that may come is only inferred, whichever of it does. */
export function isOnlyInferred({ judgement }: Exchange): boolean {
  return (
    judgement.kind === 'unexplained' &&
    judgement.permitted.every(({ choice }) => choice.transition.provenance.kind === 'inferred')
  );
}

/** Whether the rule that is nearest to the response is only inferred. */
export function isInferredRule({ judgement }: Exchange): boolean {
  return (
    judgement.kind === 'unexplained' && judgement.nearest.choice.transition.provenance.kind === 'inferred'
  );
}

/** The response that the contract documents for the status that came. */
export const documentedResponse: (exchange: Exchange) => DocumentedResponse | undefined = rememberedOnce(
  ({ operation, response }) =>
    operation === undefined || response === undefined ? undefined : responseFor(operation, response.status),
);

/** Whether an operation documents no way to succeed: then what is wrong with a documented failure nobody can say. */
export function documentsNoSuccess({ responses }: Operation): boolean {
  return responses.length > 0 && responses.every(({ status }) => !/^(?:[123]|default$)/i.test(status));
}

/**
 * The standing of what the contract says of a documented response. A rule that names a response gives it a meaning, and
 * a framework that uses the same status for broken requests says something else by it: the contract is silent about
 * that, and where it is said in problem details nothing is left to document (RFC 9457). Then undefined.
 */
export function standingOfResponse(exchange: Exchange, documented: DocumentedResponse): Standing | undefined {
  const { response } = exchange;
  if (isUnusualRefused(exchange) || isOtherwiseExplained(exchange, documented)) return undefined;
  if (isForAnotherMeaning(exchange, documented))
    return response !== undefined && isProblem(response) ? undefined : loose;
  return standingOf(documented.provenance.kind === 'inferred' || isInferredPayload(exchange));
}

/** Whether the contract has only a word for all errors at once, and problem details say more of this one. */
function isOtherwiseExplained({ response }: Exchange, { status }: DocumentedResponse): boolean {
  return response !== undefined && response.status >= 400 && !/^\d{3}$/.test(status) && isProblem(response);
}

/** Whether all that may come is only inferred, when it comes and what it looks like. */
function isInferredPayload(exchange: Exchange): boolean {
  const { judgement } = exchange;
  if (judgement.kind !== 'unexplained' || !isOnlyInferred(exchange)) return false;
  return judgement.permitted.every(({ response, example }) => {
    const examples = response.content.flatMap((content) => content.examples);
    return examples.find(({ name }) => name === example)?.provenance.kind !== 'documented';
  });
}

function isForAnotherMeaning({ situation, operation }: Exchange, { status }: DocumentedResponse): boolean {
  if (situation.kind !== 'invalid' && situation.kind !== 'unsupported-content') return false;
  const schemes = (operation?.security ?? []).flat().flatMap(({ scheme }) => scheme.transitions);
  const rules = [...(operation?.transitions ?? []), ...schemes];
  return rules.some(
    ({ resource, response: { status: named } }) => resource === undefined && named === status,
  );
}

/** What any server may answer without a word in the contract, for it says something of itself or of the way there. */
const ofItsOwnLimits: ReadonlySet<number> = new Set([408, 413, 414, 417, 421, 425, 429, 431]);

/**
 * Whether the response is one that any server may give: its own limits are reached, the client accepts nothing that it
 * has or has set a condition, or the JSON that was sent has no one meaning.
 */
export function isBeyondContract(exchange: Exchange): boolean {
  const { request, response } = exchange;
  if (response === undefined) return false;
  if (ofItsOwnLimits.has(response.status)) return true;
  if (response.status === 406) return acceptsNothing(exchange);
  const asks = conditions[response.status] ?? [];
  if (asks.some((name) => fieldValue(request.fields, name) !== undefined)) return true;
  return [400, 422].includes(response.status) && isUnpredictable(request);
}

/** Whether HEAD is not there where GET is: that is for the check unsupported-method. */
export function isMissingHead({ request, response, situation }: Exchange): boolean {
  return request.method === 'HEAD' && response?.status === 405 && situation.methods.includes('GET');
}

/** The statuses that answer to a condition or a range (RFC 9110, sections 13.1 and 14.2), and the fields that ask for one. */
const conditions: { readonly [status: number]: readonly string[] } = {
  206: ['range'],
  304: ['if-none-match', 'if-modified-since'],
  412: ['if-match', 'if-none-match', 'if-unmodified-since'],
  416: ['range'],
};

/** Whether the Accept field excludes every media type of the documented successes (RFC 9110, section 12.5.1). */
function acceptsNothing({ operation, request }: Exchange): boolean {
  const accept = fieldValue(request.fields, 'accept');
  if (accept === undefined || operation === undefined) return false;
  const ranges = accept.split(',').map((text) => parseMediaType(text));
  const offered = operation.responses
    .filter(({ status }) => status.startsWith('2'))
    .flatMap(({ content }) => content.map(({ mediaType }) => parseMediaType(mediaType)));
  return !offered.some((mediaType) =>
    ranges.some((range) => {
      if (range === undefined || mediaType === undefined) return false;
      const weight = Number(range.parameters.find(([name]) => name === 'q')?.[1] ?? '1');
      return weight > 0 && (matchesRange(range, mediaType) || (isJson(range) && isJson(mediaType)));
    }),
  );
}

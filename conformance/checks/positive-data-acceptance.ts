/** Valid data is accepted. */

import type { Operation } from '../../openapi/contract.js';
import { jsonEquals } from '../../openapi/json.js';
import type { Ask, Check, Exchange } from '../check.js';
import { bodyOf } from './reading/request.js';
import {
  documentedResponse,
  documentsNoSuccess,
  isBeyondContract,
  loose,
  type Standing,
} from './reading/standing.js';
import { outline } from './reading/words.js';

/** The statuses that find fault with the data itself, and with nothing that may be the case on the server. */
const ofData: ReadonlySet<number> = new Set([400, 415, 422]);

/**
 * Reports valid requests that are refused for their data, where no state rule gives the reason. Without rules a contract may
 * not tell everything that data must be, so that this is a note; but the documented example has to be taken.
 */
export const positiveDataAcceptance: Check = {
  name: 'positive-data-acceptance',
  promise: 'Data that the contract allows is accepted, the documented examples above all.',
  specification: {
    sentence:
      'The request body is described by its schema, and an example of it fits that schema and is one that works.',
    section: 'OpenAPI 3.1, sections 4.8.13 and 4.8.14',
  },
  severity: 'error',
  begin: () => ask,
};

const ask: Ask = (exchange) => {
  const { response, situation, operation, judgement } = exchange;
  if (response === undefined || operation === undefined || situation.kind !== 'valid') return [];
  if (!ofData.has(response.status) || judgement.kind !== 'silent') return [];
  if (hasOwnRules(operation) || isRefusedCredential(exchange) || isBeyondContract(exchange)) return [];
  const example = documentedExample(exchange);
  if (example === undefined && documentsNoSuccess(operation)) return [];
  // A status that nobody documents is for the check status-code-conformance.
  if (example === undefined && documentedResponse(exchange) === undefined) return [];
  const standing: Standing = example === undefined ? loose : {};
  const what = example === undefined ? 'a valid request' : `the documented example ${example.name}`;
  return [
    {
      ...standing,
      at: example?.at ?? operation.requestBody?.at,
      title: `${what} is refused with ${response.status}`,
      expected: 'a response that accepts the data',
      actual: outline(response),
    },
  ];
};

/** What is concluded from the path of a resource says nothing of the data. */
function hasOwnRules({ transitions }: Operation): boolean {
  return transitions.some(({ resource }) => resource === undefined);
}

function isRefusedCredential({ situation }: Exchange): boolean {
  return situation.authentication === 'missing' || situation.authentication === 'refused';
}

/** The documented example that the content of the request is, word for word. */
function documentedExample({ operation, request }: Exchange) {
  const sent = bodyOf(request);
  if (sent === undefined) return undefined;
  return operation?.requestBody?.content
    .flatMap(({ examples }) => examples)
    .find(({ value, provenance }) => provenance.kind === 'documented' && jsonEquals(value, sent));
}

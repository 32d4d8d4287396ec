/** HEAD is answered as GET is, without the content. */

import { essence } from '../../openapi/content/media-type.js';
import { fieldValue, type ResponseMessage } from '../../openapi/http/message.js';
import type { Check, Deviation, Exchange } from '../check.js';
import { credentialFields, isSafe, targetOf } from './reading/request.js';
import { mediaTypeOf } from './reading/response.js';

/**
 * Compares the answers to GET and HEAD with the same target and credential, whichever came first, as long as nothing but
 * safe requests lies between. Fields may be missing in the answer to HEAD; what is there says what GET would.
 */
export const headMirrorsGet: Check = {
  name: 'head-mirrors-get',
  promise: 'HEAD is answered with the status and fields of GET.',
  specification: {
    sentence:
      'HEAD is GET but for the content: the fields of the response are those that GET would have had.',
    section: 'RFC 9110, sections 8.6 and 9.3.2',
  },
  severity: 'error',
  begin: () => {
    const answers = new Map<string, ResponseMessage>();
    return (exchange) => {
      const { request, response } = exchange;
      if (!isSafe(request.method)) answers.clear();
      if (response === undefined || (request.method !== 'GET' && request.method !== 'HEAD')) return [];
      const other = answers.get(keyOf(exchange, request.method === 'GET' ? 'HEAD' : 'GET'));
      if (answers.size < mostAnswers) answers.set(keyOf(exchange, request.method), response);
      if (other === undefined) return [];
      const [get, head] = request.method === 'GET' ? [response, other] : [other, response];
      return differences(get, head);
    };
  },
};

const mostAnswers = 1000;

function keyOf({ request, situation, clockMoved }: Exchange, method: string): string {
  const rules = situation.permitted.map(({ choice }) => choice.transition.name);
  const accept = fieldValue(request.fields, 'accept') ?? '';
  const parts = [method, targetOf(request), ...credentialFields(request), accept, clockMoved];
  return JSON.stringify([...parts, situation.kind, situation.authentication, rules]);
}

function differences(get: ResponseMessage, head: ResponseMessage): readonly Deviation[] {
  // A server that fails or wants to be left alone is no measure, and found by other checks.
  if ([get, head].some(({ status }) => status >= 500 || status === 429 || status === 405)) return [];
  if (get.status !== head.status) {
    return [
      {
        title: `HEAD is answered ${head.status} where GET is answered ${get.status}`,
        expected: String(get.status),
        actual: String(head.status),
      },
    ];
  }
  return [...typeDifference(get, head), ...lengthDifference(get, head)];
}

function typeDifference(get: ResponseMessage, head: ResponseMessage): readonly Deviation[] {
  const [ofGet, ofHead] = [mediaTypeOf(get), mediaTypeOf(head)];
  if (ofGet === undefined || ofHead === undefined || essence(ofGet) === essence(ofHead)) return [];
  return [
    {
      title: 'HEAD has another Content-Type than GET',
      expected: essence(ofGet),
      actual: essence(ofHead),
    },
  ];
}

/** Lengths may differ where the content does from one GET to the next; that there is none where GET has some is wrong. */
function lengthDifference(get: ResponseMessage, head: ResponseMessage): readonly Deviation[] {
  const length = fieldValue(head.fields, 'content-length');
  const own = fieldValue(get.fields, 'content-length') ?? String(get.content?.byteLength ?? 0);
  if (length === undefined || length === own) return [];
  return [
    {
      ...(length === '0' ? {} : { severity: 'note' as const }),
      title: 'HEAD has another Content-Length than GET',
      expected: own,
      actual: length,
    },
  ];
}

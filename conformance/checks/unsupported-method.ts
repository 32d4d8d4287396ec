/** Methods that a path does not have do nothing, and HEAD is there wherever GET is. */

import type { DocumentedResponse, PathItem } from '../../openapi/contract.js';
import { matchRequest } from '../../openapi/http/match-request.js';
import { fieldValue } from '../../openapi/http/message.js';
import { jsonEquals } from '../../openapi/json.js';
import type { Ask, Check, Deviation, Exchange } from '../check.js';
import { credentialFields, isSafe } from './reading/request.js';
import { isSuccess, textOf } from './reading/response.js';
import { loose } from './reading/standing.js';
import { either, outline } from './reading/words.js';

/**
 * Reports methods that are answered though nobody documents them. What they did cannot be seen; but a safe method that is
 * answered like the documented success of an unsafe one on the same path did what it must not. A missing Allow, once in a
 * run, and a HEAD that is answered 405 are notes: much of the world leaves them out.
 */
export const unsupportedMethod: Check = {
  name: 'unsupported-method',
  promise: 'A method that a path does not have is refused, with what it has; HEAD is there where GET is.',
  specification: {
    sentence:
      'Safe methods change nothing, GET and HEAD are supported by every server, and 405 comes with the field Allow.',
    section: 'RFC 9110, sections 9.1, 9.2.1 and 15.5.6',
  },
  severity: 'error',
  begin: () => {
    let isTold = false;
    const ask: Ask = (exchange) => {
      const allow = isTold ? [] : missingAllow(exchange);
      isTold ||= allow.length > 0;
      return [...answeredMethod(exchange), ...missingHead(exchange), ...allow, ...echoedCredential(exchange)];
    };
    return ask;
  },
};

function answeredMethod({ contract, request, response, body, situation }: Exchange): readonly Deviation[] {
  if (situation.kind !== 'undocumented-method' || response === undefined) return [];
  if (!isSuccess(response.status) || request.method === 'OPTIONS') return [];
  const path = matchRequest(contract, request)?.value;
  const same =
    path && isSafe(request.method) ? successLike(path, request.method, response.status, body) : undefined;
  const has = `the path has ${either(situation.methods)}`;
  if (same === undefined) {
    const title = `the undocumented method ${request.method} is answered ${response.status}`;
    return [{ ...loose, title, expected: `405: ${has}`, actual: outline(response) }];
  }
  const [method, documented] = same;
  return [
    {
      at: documented.at,
      title: `${request.method} is answered like ${method}, which a safe method must not be`,
      expected: `405: ${has}`,
      actual: outline(response),
    },
  ];
}

/** The unsafe method of a path whose documented success this is: word for word its example, or the same status without content. */
function successLike(
  { operations }: PathItem,
  asked: string,
  status: number,
  body: Exchange['body'],
): readonly [method: string, documented: DocumentedResponse] | undefined {
  for (const { method, responses } of operations.values()) {
    // With a safe method beside it, the answer may be that one's.
    if (isSafe(method)) return undefined;
    const documented = responses.find((each) => each.status === String(status));
    if (documented === undefined) continue;
    const examples = documented.content.flatMap((content) => content.examples);
    const isSame =
      documented.content.length === 0
        ? asked === 'GET' && body === undefined && status === 204
        : body !== undefined && examples.some(({ value }) => jsonEquals(value, body));
    if (isSame) return [method, documented];
  }
  return undefined;
}

function missingHead({ request, response, operation, situation }: Exchange): readonly Deviation[] {
  if (request.method !== 'HEAD' || response === undefined || !situation.methods.includes('GET')) return [];
  if (response.status !== 405 && response.status !== 501) return [];
  return [
    {
      severity: 'note',
      at: operation?.at,
      title: `HEAD is answered ${response.status} where GET is documented`,
      expected: 'the fields of GET, without content',
      actual: outline(response),
    },
  ];
}

/** A 405 that an operation documents says something else than that the method is not there. */
function missingAllow({ response, operation, situation }: Exchange): readonly Deviation[] {
  if (response?.status !== 405 || fieldValue(response.fields, 'allow') !== undefined) return [];
  if (operation?.responses.some(({ status }) => status === '405') === true) return [];
  const allow = situation.methods.length > 0 ? `Allow: ${situation.methods.join(', ')}` : 'the field Allow';
  return [
    {
      severity: 'note',
      title: '405 comes without the field Allow',
      expected: allow,
      actual: '405 without Allow',
    },
  ];
}

function echoedCredential({ request, response }: Exchange): readonly Deviation[] {
  if (request.method !== 'TRACE' || response === undefined || !isSuccess(response.status)) return [];
  const text = textOf(response.content);
  const isEchoed = credentialFields(request).some((value) => value !== '' && text.includes(value));
  if (!isEchoed) return [];
  return [
    {
      title: 'TRACE sends the credential of the request back in its content',
      expected: 'no TRACE, or one that leaves credentials out (RFC 9110, section 9.3.8)',
      actual: `${response.status} with the credential in its content`,
    },
  ];
}

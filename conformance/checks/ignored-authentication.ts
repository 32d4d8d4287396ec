/** Where a credential is asked for, nothing succeeds without a good one. */

import { hash } from 'node:crypto';
import { fieldValue } from '../../openapi/http/message.js';
import { credentialOf } from '../../openapi/rules/credential.js';
import { type Check, type Exchange, neverGiven } from '../check.js';
import { isSuccess, textOf } from './reading/response.js';
import { standingOf } from './reading/standing.js';
import { outline } from './reading/words.js';

const jwt = /(?<![\w-])[\w-]+\.[\w-]+\.[\w-]*/g;

/**
 * Reports requests that succeed with no credential, or with one that must be refused. Where only an inferred rule refuses it,
 * or none, that is a note; but a token whose signature is not the one that it was issued with, or that says it has none, is
 * refused by the standard (RFC 7515, section 5.2), and what nobody was ever given is no credential at all.
 */
export const ignoredAuthentication: Check = {
  name: 'ignored-authentication',
  promise: 'Where a credential is asked for, nothing succeeds without a good one.',
  specification: {
    sentence:
      'One of the security requirements of an operation must be satisfied for a request to be authorized.',
    section: 'OpenAPI 3.1, section 4.8.30',
  },
  severity: 'error',
  begin: () => {
    const issued = new Map<string, string>();
    return (exchange) => {
      const deviations = judged(exchange, issued);
      for (const [token] of textOf(exchange.response?.content).matchAll(jwt)) {
        const [header = '', claims = '', signature = ''] = token.split('.');
        if (signature === '' || issued.size >= mostTokens) continue;
        issued.set(digest(`${header}.${claims}`), signature);
        // A part of it in another token tells that somebody has tampered with this one.
        issued.set(digest(`claims ${claims}`), signature);
        issued.set(digest(`signature ${signature}`), signature);
      }
      return deviations;
    };
  },
};

/** How many digests are kept: three of each token. */
const mostTokens = 30_000;

function judged(
  exchange: Exchange,
  issued: ReadonlyMap<string, string>,
): ReturnType<ReturnType<Check['begin']>> {
  const { response, situation, judgement, request } = exchange;
  const { authentication, permitted } = situation;
  if (authentication !== 'missing' && authentication !== 'refused') return [];
  if (response === undefined || !isSuccess(response.status) || judgement.kind === 'explained') return [];
  const token = /[\w-]+\.[\w-]+\.[\w-]*/.exec(fieldValue(request.fields, 'authorization') ?? '')?.[0];
  const forgery = authentication === 'refused' && token !== undefined ? forgeryOf(token, issued) : undefined;
  // The same bytes in another spelling are the same signature.
  if (forgery === 'respelled') return [];
  // A rule of which nobody knows whether it holds is not the one that refuses.
  const refusal = permitted.find(({ choice }) => choice.doubts.length === 0) ?? permitted[0];
  const rule = refusal?.choice.transition;
  // That a credential is needed is what the operation says, however the rule about its answer was found. Which are good is
  // what rules say; without any, nobody does.
  const isMadeUp = authentication === 'refused' && rule === undefined && isNobodys(exchange);
  const isInferred =
    authentication === 'refused' &&
    rule?.provenance.kind !== 'documented' &&
    forgery === undefined &&
    !isMadeUp;
  const refused = isMadeUp ? 'with a credential that nobody was given' : 'with a refused credential';
  const credential = authentication === 'missing' ? 'without a credential' : (forgery ?? refused);
  return [
    {
      ...standingOf(isInferred),
      at: rule?.at,
      title: `a request ${credential} succeeds`,
      expected: refusal === undefined ? '401 or 403' : `${refusal.response.status}, ${rule?.name}`,
      actual: outline(response),
    },
  ];
}

/** Whether what is sent for a scheme is a text that stands for nothing. */
function isNobodys({ operation, request }: Exchange): boolean {
  const schemes = operation?.security.flat().map(({ scheme }) => scheme) ?? [];
  return schemes.some((scheme) => credentialOf(scheme, request) === neverGiven);
}

/** How a token was tampered with, in words; undefined when that cannot be told. */
function forgeryOf(token: string, issued: ReadonlyMap<string, string>): string | undefined {
  const [header = '', claims = '', signature = ''] = token.split('.');
  if (/"alg"\s*:\s*"none"/i.test(bytesOf(header).toString())) return 'with an unsigned token';
  const original = issued.get(digest(`${header}.${claims}`));
  if (original === undefined) {
    const isPart = issued.has(digest(`claims ${claims}`)) || issued.has(digest(`signature ${signature}`));
    return isPart ? 'with a token that was tampered with' : undefined;
  }
  if (original === signature) return undefined;
  return bytesOf(original).equals(bytesOf(signature)) ? 'respelled' : 'with a token of a wrong signature';
}

function bytesOf(part: string): Buffer {
  return Buffer.from(part, 'base64url');
}

function digest(text: string): string {
  return hash('sha256', text, 'base64');
}

/** The credential of a request: where it travels is what its security scheme says (OpenAPI 3.1, section 4.8.27). */

import type { SecurityScheme } from '../contract.js';
import { fieldValue, type RequestMessage } from '../http/message.js';

/** The credential that a request carries for a scheme, without the name of the scheme; undefined when it carries none. */
export function credentialOf({ carrier }: SecurityScheme, request: RequestMessage): string | undefined {
  switch (carrier.kind) {
    case 'mutualTLS':
      return '';
    case 'http':
      return authorization(request, carrier.scheme);
    case 'oauth2':
    case 'openIdConnect':
      return authorization(request, 'bearer');
    case 'apiKey':
      if (carrier.in === 'header') return fieldValue(request.fields, carrier.parameter);
      if (carrier.in === 'query')
        return new URLSearchParams(request.query).get(carrier.parameter) ?? undefined;
      return cookie(request, carrier.parameter);
  }
}

/** Of a scheme without a name any will do. The name of a scheme is compared without regard to case (RFC 9110, section 11.1). */
function authorization(request: RequestMessage, scheme: string): string | undefined {
  const field = fieldValue(request.fields, 'authorization')?.trim();
  if (field === undefined || field === '') return undefined;
  const end = field.search(/\s/);
  const name = end === -1 ? field : field.slice(0, end);
  if (scheme !== '' && name.toLowerCase() !== scheme) return undefined;
  return end === -1 ? '' : field.slice(end).trimStart();
}

function cookie(request: RequestMessage, name: string): string | undefined {
  for (const pair of (fieldValue(request.fields, 'cookie') ?? '').split(/[;,]\s*/)) {
    const equals = pair.indexOf('=');
    if (equals !== -1 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim();
  }
  return undefined;
}

/** Documented response headers are there, and have the values that they may have. */

import type { Contract, ResponseHeader } from '../../openapi/contract.js';
import { readDescribed } from '../../openapi/http/described-parameter.js';
import { fieldValue, type ResponseMessage } from '../../openapi/http/message.js';
import type { Json } from '../../openapi/json.js';
import type { Ask, Check, Deviation } from '../check.js';
import { documentedResponse, loose, standingOfResponse } from './reading/standing.js';
import { shortened } from './reading/words.js';

/**
 * Reports documented headers that are required and missing, or whose value fits the schema in no reading of the simple
 * style. An answer to HEAD may leave fields out (RFC 9110, section 9.3.2).
 */
export const responseHeadersConformance: Check = {
  name: 'response-headers-conformance',
  promise: 'Documented response headers are there when they are required, and their values fit.',
  specification: {
    sentence:
      'A response lists its headers, each with whether it is required and a schema; Content-Type is not among them.',
    section: 'OpenAPI 3.1, sections 4.8.17 and 4.8.21',
  },
  severity: 'error',
  begin: () => ask,
};

const ask: Ask = (exchange) => {
  const { contract, request, response } = exchange;
  const documented = documentedResponse(exchange);
  if (response === undefined || documented === undefined || response.status >= 500) return [];
  const standing = standingOfResponse(exchange, documented);
  if (standing === undefined) return [];
  return documented.headers.flatMap((header) => {
    if (header.name.toLowerCase() === 'content-type') return [];
    const deviation = flaw(contract, header, response, request.method);
    if (deviation === undefined) return [];
    const isInferred = contract.reasonFor(deviation.at ?? header.at) !== undefined;
    return [{ ...deviation, ...(isInferred ? loose : standing) }];
  });
};

function flaw(
  contract: Contract,
  header: ResponseHeader,
  response: ResponseMessage,
  method: string,
): Deviation | undefined {
  const { name, required, schema, at } = header;
  const value = fieldValue(response.fields, name);
  if (value === undefined) {
    if (!required || method === 'HEAD') return undefined;
    const actual = `${response.status} without ${name}`;
    return { at, title: `the header ${name} is missing`, expected: name, actual };
  }
  if (schema === undefined) return undefined;
  const [violations = [], ...others] = readings(header, value, response).map((reading) =>
    contract.schemas.violations(schema, reading, 'response'),
  );
  const [first] = violations;
  if (first === undefined || others.some((each) => each.length === 0)) return undefined;
  return {
    at: first.schema,
    title: `the value of the header ${name} breaks its schema`,
    expected: `${name} ${first.message}`,
    actual: `${name}: ${shortened(value)}`,
  };
}

/** The values that the text of a header may stand for: as it is described, and as servers write what is not said. */
function readings(header: ResponseHeader, text: string, { fields }: ResponseMessage): readonly Json[] {
  const { name } = header;
  const described = readDescribed(header, { path: {}, query: '', fields });
  const parts = text.split(',').map((part) => part.trim());
  const pairs = parts.map((part) => part.split('='));
  const alternating = parts.filter((_, index) => index % 2 === 0);
  const lines = fields
    .filter(([field]) => field.toLowerCase() === name.toLowerCase())
    .map(([, value]) => value);
  return [
    ...(described === undefined ? [] : [described]),
    ...scalars(text),
    ...(lines.length > 1 && /^set-cookie$/i.test(name) ? lines : []),
    parts,
    parts.map((part) => scalars(part).at(-1) ?? part),
    Object.fromEntries(alternating.map((part, index) => [part, parts[index * 2 + 1] ?? ''])),
    Object.fromEntries(pairs.map(([key = '', ...rest]) => [key, scalars(rest.join('=')).at(-1) ?? ''])),
    ...json(text),
  ];
}

/** A text, and the number, boolean or null that it spells. */
function scalars(text: string): readonly Json[] {
  const spelled = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/.test(text);
  return spelled ? [text, JSON.parse(text)] : [text];
}

function json(text: string): readonly Json[] {
  try {
    return [JSON.parse(text)];
  } catch {
    return [];
  }
}

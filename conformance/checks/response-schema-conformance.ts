/** The content of every response fits its schema, and says nothing that the schema does not describe. */

import { contentViolations, parseContent } from '../../openapi/content/content.js';
import { isSequence } from '../../openapi/content/content-sequence.js';
import { essence, formatOf, isJson, type MediaType } from '../../openapi/content/media-type.js';
import type { Content } from '../../openapi/contract.js';
import type { Place } from '../../openapi/document/documents.js';
import type { ResponseMessage } from '../../openapi/http/message.js';
import { type Json, pointedTo } from '../../openapi/json.js';
import type { Ask, Check, Deviation, Exchange } from '../check.js';
import { describedBy, isProblem, mediaTypeOf, textOf } from './reading/response.js';
import { documentedResponse, loose, type Standing, standingOfResponse } from './reading/standing.js';
import { undescribedMembers } from './reading/undescribed.js';
import { shortened, shown } from './reading/words.js';

/** Nobody reads on after so many. */
const mostTold = 100;

/**
 * Reports each place in the content that breaks the schema, once. A member that the schema does not describe breaks
 * nothing unless the schema closes the object: it is undocumented.
 */
export const responseSchemaConformance: Check = {
  name: 'response-schema-conformance',
  promise: 'The content of every response fits the schema that the contract has for it.',
  specification: {
    sentence:
      'The schema of a media type describes the content, and an instance is valid when no keyword fails.',
    section: 'OpenAPI 3.1, section 4.8.14, and JSON Schema 2020-12, section 7.6',
  },
  severity: 'error',
  begin: () => ask,
};

const ask: Ask = (exchange) => {
  const { response, body } = exchange;
  const documented = documentedResponse(exchange);
  const mediaType = response && mediaTypeOf(response);
  if (response === undefined || documented === undefined || mediaType === undefined) return [];
  if (response.status >= 500) return [];
  const content = describedBy(documented, mediaType);
  const standing = standingOfResponse(exchange, documented);
  if (content === undefined || standing === undefined || isOtherExample(exchange, standing)) return [];
  if (body === undefined) return malformed(response, content, mediaType, standing);
  const broken = violations(exchange, content, body, standing);
  const { schema } = content;
  const isOfItems = isSequence(formatOf(mediaType)); // of which each is held against the schema by itself
  const extra =
    isProblem(response) || schema === undefined || isOfItems
      ? []
      : undescribed(exchange, schema, body).filter(
          ({ pointer = '' }) => !broken.some((each) => isWithin(pointer, each.pointer)),
        );
  return [...broken, ...extra].slice(0, mostTold);
};

/** Content that is not what its media type says; of JSON that is for the check json-well-formed. */
function malformed(
  response: ResponseMessage,
  content: Content,
  mediaType: MediaType,
  standing: Standing,
): readonly Deviation[] {
  if (response.content === undefined || isJson(mediaType)) return [];
  const parsed = parseContent(response.content, mediaType, content);
  if (parsed.kind !== 'malformed') return [];
  const { pointer = '', message } = parsed;
  const where = pointer === '' ? 'the content' : pointer;
  const actual = shortened(textOf(response.content));
  return [
    {
      ...standing,
      at: content.at,
      pointer,
      title: `${where} ${message}`,
      expected: essence(mediaType),
      actual,
    },
  ];
}

/** That a payload is not the one that is only inferred is told by the check documented-example. */
function isOtherExample({ judgement }: Exchange, standing: Standing): boolean {
  if (judgement.kind !== 'unexplained' || standing.severity !== 'note') return false;
  return judgement.differences.every(({ of }) => of === 'example');
}

function violations(
  { contract }: Exchange,
  content: Content,
  body: Json,
  standing: Standing,
): readonly Deviation[] {
  const found = new Map<string, Deviation>();
  for (const { pointer, message, schema: at } of contentViolations(contract, content, body, 'response')) {
    const isInferred = contract.reasonFor(at) !== undefined;
    // Of two statements about one place the documented one is told.
    const isTold = found.has(pointer) && (isInferred || found.get(pointer)?.severity === undefined);
    if (isTold) continue;
    const where = pointer === '' ? 'the content' : pointer;
    found.set(pointer, {
      ...(isInferred ? loose : standing),
      at,
      pointer,
      title: `${where} ${message}`,
      expected: `${where} ${message}`,
      actual: pointer === '' ? shown(body) : shown(pointedTo(body, pointer)),
    });
  }
  return [...found.values()];
}

function undescribed({ contract }: Exchange, schema: Place, body: Json): readonly Deviation[] {
  return undescribedMembers(contract, schema, body).map(({ pointer, at }) => ({
    ...loose,
    at,
    pointer,
    title: `the contract does not describe ${pointer}`,
    expected: 'the members that the schema describes',
    actual: shown(pointedTo(body, pointer)),
  }));
}

/** Of a value that breaks its schema as a whole it is idle to say which of its members are described. */
function isWithin(pointer: string, outer = ''): boolean {
  return pointer === outer || pointer.startsWith(`${outer}/`);
}

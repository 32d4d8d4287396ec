/** Every content that is answered is of a documented media type. */

import type { DocumentedResponse } from '../../openapi/contract.js';
import { fieldValue, isWithoutContent, type ResponseMessage } from '../../openapi/http/message.js';
import type { Ask, Check, Deviation } from '../check.js';
import { describedBy, isProblem, mediaTypeOf, saysJson } from './reading/response.js';
import { documentedResponse, loose, standingOfResponse } from './reading/standing.js';
import { either, outline } from './reading/words.js';

/** Reports content of a media type that the response does not document, content that does not say what it is, and no content. */
export const contentTypeConformance: Check = {
  name: 'content-type-conformance',
  promise: 'Every content that is answered says its media type, and the response documents it.',
  specification: {
    sentence: 'The content of a response is described by media type, and Content-Type says which it is.',
    section: 'OpenAPI 3.1, section 4.8.17, and RFC 9110, section 8.3',
  },
  severity: 'error',
  begin: () => ask,
};

const ask: Ask = (exchange) => {
  const { request, response } = exchange;
  const documented = documentedResponse(exchange);
  if (response === undefined || documented === undefined || response.status >= 500) return [];
  if (isWithoutContent(request.method, response.status)) return [];
  const standing = standingOfResponse(exchange, documented);
  const deviation = flaw(response, documented);
  if (standing === undefined || deviation === undefined) return [];
  return [{ at: documented.at, ...deviation, ...standing }];
};

function flaw(response: ResponseMessage, documented: DocumentedResponse): Deviation | undefined {
  const expected = either(documented.content.map(({ mediaType }) => mediaType));
  const field = fieldValue(response.fields, 'content-type');
  if (documented.content.length === 0) {
    if (response.content === undefined || isProblem(response)) return undefined;
    const title = `the response ${documented.status} has content, and none is documented`;
    return { ...loose, title, expected: 'no content', actual: outline(response) };
  }
  if (response.content === undefined) {
    // What is labelled as JSON and empty is for the check json-well-formed.
    return saysJson(response)
      ? undefined
      : { title: 'the response has no content', expected, actual: outline(response) };
  }
  if (field === undefined) {
    return { title: 'the content has no Content-Type', expected, actual: outline(response) };
  }
  // What is documented under a key that is no media type comes as it is documented.
  if (documented.content.some((each) => each.mediaType === field)) return undefined;
  const mediaType = mediaTypeOf(response);
  if (mediaType !== undefined && describedBy(documented, mediaType) !== undefined) return undefined;
  const title =
    mediaType === undefined
      ? 'the Content-Type is no media type'
      : 'the content is of a media type that is not documented';
  return { title, expected, actual: field };
}

/** Content of a media type that the operation does not take is refused. */

import { responseFor } from '../../openapi/contract.js';
import { fieldValue } from '../../openapi/http/message.js';
import type { Ask, Check } from '../check.js';
import { isSuccess } from './reading/response.js';
import { loose } from './reading/standing.js';
import { either, outline } from './reading/words.js';

/**
 * Reports content of an undocumented media type that succeeds: an error where the contract promises 415, else a note, for a
 * server may take more than it documents. Content without Content-Type may be examined (RFC 9110, section 8.3).
 */
export const unsupportedMediaType: Check = {
  name: 'unsupported-media-type',
  promise: 'Content of a media type that the operation does not take is refused.',
  specification: {
    sentence:
      'Where the content is in a format that the method does not support on the target, the server refuses it with 415.',
    section: 'RFC 9110, section 15.5.16',
  },
  severity: 'error',
  begin: () => ask,
};

const ask: Ask = ({ request, response, operation, situation }) => {
  if (situation.kind !== 'unsupported-content' || operation === undefined) return [];
  if (response === undefined || !isSuccess(response.status)) return [];
  const sent = fieldValue(request.fields, 'content-type');
  if (sent === undefined) return [];
  const promised = responseFor(operation, 415);
  const isPromised = promised !== undefined && promised.status.toLowerCase() !== 'default';
  const taken = operation.requestBody?.content.map(({ mediaType }) => mediaType) ?? [];
  return [
    {
      ...(isPromised ? {} : loose),
      at: isPromised ? promised.at : operation.requestBody?.at,
      title: 'content of a media type that the operation does not take is accepted',
      expected: isPromised ? '415' : `a refusal of all but ${either(taken)}`,
      actual: `${sent} is answered ${outline(response)}`,
    },
  ];
};

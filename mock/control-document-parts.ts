/** What the document of the control API is put together from. */

import type { OperationObject, ParameterObject, ResponseObject, ResponsesObject } from 'openapi3-ts/oas31';
import { type Problem, type ProblemName, problemDetails } from '../openapi/http/problem.js';
import { controlExamples } from './control-schemas.js';

export const nothing: ResponseObject = { description: 'Done.' };

export function json(schema: keyof typeof controlExamples, description: string): ResponseObject {
  const content = { schema: reference(schema), example: controlExamples[schema] };
  return { description, content: { 'application/json': content } };
}

export function problem(name: ProblemName, description: string, detail: string): ResponseObject {
  return problemContent(description, problemDetails(name, detail));
}

export function problemContent(description: string, example: Problem): ResponseObject {
  return { description, content: { 'application/problem+json': { schema: reference('Problem'), example } } };
}

/** The answer to a page of another origin. */
export function otherOrigin(origin: string): Problem {
  return {
    type: 'urn:counterfoil:problem:other-origin',
    title: 'A page of another origin may not do this',
    status: 403,
    detail: `The page is of ${origin}. Call from a test or a terminal, or from a page that the mock's own address serves.`,
  };
}

export function badRequest(detail: string): ResponseObject {
  return problem('invalid-request', 'The detail says what to send instead.', detail);
}

export function reference(schema: string): { $ref: string } {
  return { $ref: `#/components/schemas/${schema}` };
}

export function query(name: string, description: string, schema: ParameterObject['schema']): ParameterObject {
  return { name, in: 'query', description, schema: schema ?? {} };
}

/** An operation with the responses of its own, and those that any may have. */
export function operation(
  operationId: string,
  summary: string,
  responses: ResponsesObject,
  more: Omit<OperationObject, 'operationId' | 'summary' | 'responses'> = {},
): OperationObject {
  const refusals: ResponsesObject = {
    '400': badRequest('There is no query parameter "force" here, none at all.'),
    '401': { $ref: '#/components/responses/TokenNeeded' },
    '403': { $ref: '#/components/responses/OtherOrigin' },
  };
  return { operationId, summary, ...more, responses: { ...refusals, ...responses } };
}

/** What an operation answers to content that is no JSON, or too much of it. */
export function contentRefusals(example: string, largest: number): ResponsesObject {
  return {
    '413': problem(
      'content-too-large',
      'The content is too large.',
      `Send ${example}, in no more than ${largest} bytes.`,
    ),
    '415': {
      ...problem(
        'unsupported-media-type',
        'The content is not said to be JSON.',
        `Send ${example} with Content-Type: application/json.`,
      ),
      headers: {
        Accept: {
          description: 'What to send.',
          required: true,
          schema: { type: 'string', const: 'application/json' },
        },
      },
    },
  };
}

/** Requests that differ in how they are sent: other methods, other media types, content that is not what it says it is. */

import type { Contract, Operation } from '../../openapi/contract.js';
import { malformedJson } from '../../openapi/json-texts.js';
import { isJson, parseMediaType } from '../../openapi/media-type.js';
import type { Alteration, Step } from '../../openapi/workflow.js';
import type { Planned } from '../planned.js';
import type { Base } from './base.js';
import { type Draft, withStep, workflowOf } from './draft.js';

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

const unaltered: Alteration = { method: undefined, withoutFields: [], fields: [], content: undefined };

/** The workflows about the protocol for one base request. */
export function protocolCases(contract: Contract, base: Base): readonly Planned[] {
  return [...otherMethods(contract, base), ...headAsGet(base), ...otherContent(base), ...repeated(base)];
}

function otherMethods(contract: Contract, base: Base): Planned[] {
  const { operation } = base;
  const same = contract.operations.filter(({ path }) => path === operation.path);
  if (same[0] !== operation) return []; // the first of a path speaks for it
  const known = new Set(same.map(({ method }) => method));
  const others = methods.filter((method) => !known.has(method));
  return [
    ...others.map((method) =>
      alteredCase(base, `${method} ${operation.path}`, { ...unaltered, method }, true),
    ),
    alteredCase(base, `OPTIONS ${operation.path}`, { ...unaltered, method: 'OPTIONS', content: null }, false),
  ];
}

/** HEAD after GET, with the same target and credential. */
function headAsGet(base: Base): Planned[] {
  if (base.operation.method !== 'GET') return [];
  const get = withStep(base.draft, base.step).draft;
  const head = withStep(get, {
    ...base.step,
    id: 'head',
    outputs: [],
    alteration: { ...unaltered, method: 'HEAD' },
  }).draft;
  return [planned(base.operation, head, `HEAD ${base.operation.path} as GET`)];
}

function otherContent(base: Base): Planned[] {
  const { requestBody } = base.step;
  const [described] = base.operation.requestBody?.content ?? [];
  if (requestBody === undefined || described === undefined) return [];
  const mediaType = parseMediaType(described.mediaType);
  const typed = (value: string): Alteration => ({
    ...unaltered,
    withoutFields: ['content-type'],
    fields: [['content-type', value]],
  });
  const types = [
    alteredCase(base, 'content as text/plain', typed('text/plain'), true),
    alteredCase(base, 'content as application/xml', typed('application/xml'), true),
    alteredCase(
      base,
      'content without a media type',
      { ...unaltered, withoutFields: ['content-type'] },
      true,
    ),
    alteredCase(base, 'no content', { ...unaltered, content: null, withoutFields: ['content-type'] }, true),
  ];
  if (mediaType === undefined || !isJson(mediaType) || base.body === undefined) return types;
  const malformed = malformedJson(base.body).flatMap(({ title, text }) =>
    typeof text === 'string'
      ? [alteredCase(base, `JSON: ${title}`, { ...unaltered, content: text }, true)]
      : [],
  );
  const charset = alteredCase(
    base,
    'a charset named beside the media type',
    typed(`${described.mediaType}; charset=utf-8`),
    false,
  );
  const spelt = alteredCase(
    base,
    'the media type in capitals',
    typed(described.mediaType.toUpperCase()),
    false,
  );
  return [...types, charset, spelt, ...malformed];
}

/** A safe request several times: for no reason that the contract knows should the answers differ. */
function repeated(base: Base): Planned[] {
  if (base.operation.method !== 'GET' && base.operation.method !== 'HEAD') return [];
  const { draft } = withStep(base.draft, { ...base.step, outputs: [], times: { count: 6, atOnce: false } });
  return [planned(base.operation, draft, `${base.operation.id} six times in a row`)];
}

/** After a request that must not do anything the base request is sent, to see whether all is as it was. */
function alteredCase(base: Base, title: string, alteration: Alteration, asksAgain: boolean): Planned {
  const step: Step = { ...base.step, id: title, outputs: [], alteration };
  const altered = withStep(base.draft, step).draft;
  const draft = asksAgain
    ? withStep(altered, { ...base.step, id: `${base.name} all the same` }).draft
    : altered;
  return planned(base.operation, draft, `${base.operation.id}: ${title}`);
}

function planned(operation: Operation, draft: Draft, summary: string): Planned {
  return { workflow: workflowOf(summary, summary, draft), phase: 'protocol', operation, takesTime: false };
}

/** Requests that differ in how they are sent: other methods, other media types, content that is not what it says it is. */

import type { Alteration, Step, Template } from '../../openapi/arazzo/workflow.js';
import { isJson, parseMediaType } from '../../openapi/content/media-type.js';
import type { Contract, Operation } from '../../openapi/contract.js';
import { isObject, type Json, pointerTokens } from '../../openapi/json.js';
import { type JsonText, malformedJson, unusualJson } from '../../openapi/variants/json-texts.js';
import type { Planned } from '../planned.js';
import { replacedAt } from '../step-request.js';
import type { Base } from './base.js';
import { type Draft, withStep, workflowOf } from './draft.js';
import type { Thoroughness } from './thoroughness.js';

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

const unaltered: Alteration = { method: undefined, withoutFields: [], fields: [], content: undefined };

/** The workflows about the protocol for one base request. */
export function protocolCases(
  contract: Contract,
  base: Base,
  thoroughness: Thoroughness = 'thorough',
): readonly Planned[] {
  if (thoroughness === 'brief')
    return [...otherMethods(contract, base, true), ...headAsGet(base), ...otherTypes(base).slice(0, 1)];
  return [
    ...otherMethods(contract, base),
    ...inTheQuery(contract, base),
    ...headAsGet(base),
    ...otherContent(base),
    ...accepting(base),
    ...repeated(base),
  ];
}

/** Briefly only one method, which is another for the next operation. */
function otherMethods(contract: Contract, base: Base, isBrief = false): Planned[] {
  const { operation } = base;
  const same = contract.operations.filter(({ path }) => path === operation.path);
  if (same[0] !== operation) return []; // the first of a path speaks for it
  const known = new Set(same.map(({ method }) => method));
  const others = methods.filter((method) => !known.has(method));
  if (isBrief) {
    const index = contract.operations.indexOf(operation) % Math.max(1, others.length);
    return others
      .slice(index, index + 1)
      .map((method) => alteredCase(base, `${method} ${operation.path}`, { ...unaltered, method }, true));
  }
  const isReadable = known.has('GET') || known.has('HEAD');
  return [
    ...others.map((method) =>
      alteredCase(base, `${method} ${operation.path}`, { ...unaltered, method }, true),
    ),
    ...(isReadable
      ? []
      : [
          alteredCase(base, `HEAD ${operation.path}`, { ...unaltered, method: 'HEAD', content: null }, true),
          ...overridden(base),
        ]),
    alteredCase(base, `OPTIONS ${operation.path}`, { ...unaltered, method: 'OPTIONS', content: null }, true),
  ];
}

/** A safe method is safe whatever else the request says: none of the ways to name another one that frameworks know. */
function overridden(base: Base): Planned[] {
  const { method, path } = base.operation;
  const names = ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override'];
  const fields = names.map((name) => [name, method] as const);
  const parameters = [...base.step.parameters, { name: '_method', in: 'query' as const, value: method }];
  const title = `GET ${path} with ${method} as another name of the method`;
  return [alteredCase(base, title, { ...unaltered, method: 'GET', fields }, true, parameters)];
}

/** The members of the content in the query instead, where nobody says that they may stand. */
function inTheQuery(contract: Contract, base: Base): Planned[] {
  const { operation, step } = base;
  const { payload } = step.requestBody ?? {};
  if (!isObject(payload)) return [];
  const members = Object.entries(payload).flatMap(([name, value]) =>
    typeof value === 'string' ? [{ name, in: 'query' as const, value }] : [],
  );
  const hasGet = contract.operations.some(({ path, method }) => path === operation.path && method === 'GET');
  const parameters = [...step.parameters, ...members];
  const withMethod = (method: string): Planned => {
    const none: Alteration = { ...unaltered, method, content: null, withoutFields: ['content-type'] };
    const title = `${method} ${operation.path} with the content in the query`;
    return alteredCase(base, title, none, true, parameters);
  };
  return [operation.method, ...(hasGet ? [] : ['GET'])].map(withMethod);
}

/** What clients say that they accept: the media types of the operation, or what a browser does. */
function accepting(base: Base): Planned[] {
  const types = base.operation.responses.flatMap(({ content }) => content.map(({ mediaType }) => mediaType));
  const own = [...new Set(types)].join(', ');
  const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
  return [own, browser]
    .filter((accept) => accept !== '')
    .map((accept) => {
      const fields = [['accept', accept]] as const;
      return alteredCase(
        base,
        `Accept: ${accept}`,
        { ...unaltered, withoutFields: ['accept'], fields },
        false,
      );
    });
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

/** The content under another media type than its own. */
function typed(value: string): Alteration {
  return { ...unaltered, withoutFields: ['content-type'], fields: [['content-type', value]] };
}

/** The content as something that it is not, and none at all. */
function otherTypes(base: Base): Planned[] {
  if (base.step.requestBody === undefined) return [];
  return [
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
}

function otherContent(base: Base): Planned[] {
  const { requestBody } = base.step;
  const [described] = base.operation.requestBody?.content ?? [];
  if (requestBody === undefined || described === undefined) return [];
  const mediaType = parseMediaType(described.mediaType);
  const types = otherTypes(base);
  if (mediaType === undefined || !isJson(mediaType) || base.body === undefined) return types;
  const body = withTemplates(base.body, base.bound);
  const asTexts = (texts: readonly JsonText[], asksAgain: boolean): readonly Planned[] =>
    texts.flatMap(({ title, text }) =>
      typeof text === 'string'
        ? [alteredCase(base, `JSON: ${title}`, { ...unaltered, content: text }, asksAgain)]
        : [],
    );
  const malformed = asTexts(malformedJson(body), true);
  // Escaped, a template would be none any more.
  const legal = unusualJson(body).filter(
    ({ title }) => base.bound.size === 0 || !title.includes('strings escaped'),
  );
  const unusual = asTexts(legal, false);
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
  return [...types, charset, spelt, ...unusual, ...malformed];
}

/** A made-up body with the templates back in it: nobody is written to whose address was made up. */
function withTemplates(body: Json, bound: ReadonlyMap<string, Template>): Json {
  return [...bound].reduce<Json>((whole, [pointer, template]) => {
    const text = typeof template === 'string' && template.startsWith('$') ? `{${template}}` : template;
    return replacedAt(whole, pointerTokens(pointer), text);
  }, body);
}

/** A safe request several times: for no reason that the contract knows should the answers differ. */
function repeated(base: Base): Planned[] {
  if (base.operation.method !== 'GET' && base.operation.method !== 'HEAD') return [];
  const { draft } = withStep(base.draft, { ...base.step, outputs: [], times: { count: 21, atOnce: false } });
  return [planned(base.operation, draft, `${base.operation.id} again and again`)];
}

/** After a request that must not do anything the base request is sent, to see whether all is as it was. */
function alteredCase(
  base: Base,
  title: string,
  alteration: Alteration,
  asksAgain: boolean,
  parameters: Step['parameters'] = base.step.parameters,
): Planned {
  const step: Step = { ...base.step, id: title, outputs: [], alteration, parameters };
  const altered = withStep(base.draft, step).draft;
  const draft = asksAgain
    ? withStep(altered, { ...base.step, id: `${base.name} all the same` }).draft
    : altered;
  return planned(base.operation, draft, `${base.operation.id}: ${title}`);
}

function planned(operation: Operation, draft: Draft, summary: string): Planned {
  return { workflow: workflowOf(summary, summary, draft), phase: 'protocol', operation, takesTime: false };
}

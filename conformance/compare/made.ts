/** What the contract says of the places of an answer: which values the server makes, and which the state rules fix. */

import type { Contract, Operation } from '../../openapi/contract.js';
import type { Place } from '../../openapi/document/documents.js';
import { isObject, type Json, pointerTokens } from '../../openapi/json.js';
import type { Scope } from '../../openapi/rules/expression.js';
import { bindValues } from '../../openapi/rules/state.js';
import { isUnknown, known, unknown } from '../../openapi/rules/unknown.js';
import { evaluateValue, type Make } from '../../openapi/rules/value.js';
import type { Possible, Situation } from '../judge/judge.js';
import { madeFormats } from './form.js';

/** What is said of a place: the server makes the value, or it is fixed, or nothing is said. */
export type Said = 'made' | 'fixed' | 'nothing';

/** What is said of the place at a pointer into the content of an answer with this status. */
export type Expectation = (status: number, pointer: string) => Said;

const leaveUnknown: Make = (schema, bound) => unknown(schema, bound);

/** What the state rules say of an answer, before it has come: where they leave a value unknown, the server makes it. */
export function expectationOf({ permitted }: Situation, scope: Scope): Expectation {
  const contents = permitted.flatMap((possible) => {
    const content = contentOf(possible, scope);
    return content === undefined ? [] : [{ status: possible.response.status, content }];
  });
  return (status, pointer) => {
    const said = contents
      .filter((each) => each.status === String(status))
      .map(({ content }) => saidAt(content, pointerTokens(pointer)));
    if (said.includes('made')) return 'made';
    return said.length > 0 && said.every((each) => each === 'fixed') ? 'fixed' : 'nothing';
  };
}

function contentOf({ choice }: Possible, scope: Scope): Json | undefined {
  const { content } = choice.transition;
  if (content === undefined) return undefined;
  const { state } = bindValues(choice, scope, leaveUnknown);
  return evaluateValue(content, { ...scope, state }, leaveUnknown);
}

/** A value that has been seen since is still one that the server has made. */
function saidAt(content: Json, tokens: readonly string[]): Said {
  if (isUnknown(content)) {
    const seen = known(content);
    if (tokens.length === 0 || isUnknown(seen)) return 'made';
    return saidAt(seen, tokens) === 'nothing' ? 'nothing' : 'made';
  }
  const [token, ...rest] = tokens;
  if (token === undefined) return 'fixed';
  const inner = Array.isArray(content)
    ? content[Number(token)]
    : isObject(content)
      ? content[token]
      : undefined;
  return inner === undefined ? 'nothing' : saidAt(inner, rest);
}

/** What the schemas say of each place of a content, and where it breaks them. */
export type Described = {
  said(pointer: string): Said;
  breaks(pointer: string): boolean;
};

const nowhere: Described = { said: () => 'nothing', breaks: () => false };

/** The content of a response beside the schema that the operation documents for it. */
export function describedBy(
  contract: Contract,
  operation: Operation | undefined,
  schema: Place | undefined,
  body: Json,
): Described {
  if (operation === undefined || schema === undefined) return nowhere;
  let sites: ReadonlyMap<string, Said> | undefined;
  let broken: ReadonlySet<string> | undefined;
  return {
    said(pointer) {
      sites ??= new Map(
        contract
          .describe(schema, body)
          .map((site) => [site.pointer, saidBy(site.schemas.map((each) => each.schema))]),
      );
      return sites.get(pointer) ?? 'nothing';
    },
    breaks(pointer) {
      broken ??= new Set(contract.schemas.violations(schema, body, 'response').map((each) => each.pointer));
      return broken.has(pointer);
    },
  };
}

function saidBy(schemas: readonly { readonly [keyword: string]: Json }[]): Said {
  if (schemas.some((schema) => schema.const !== undefined || schema.enum !== undefined)) return 'fixed';
  const isMade = schemas.some(
    (schema) =>
      (typeof schema.format === 'string' && madeFormats.has(schema.format)) ||
      schema.contentMediaType === 'application/jwt',
  );
  return isMade ? 'made' : 'nothing';
}

/** Credentials of every wrong kind, for each operation that asks for one; and a right one, spelt as it may be. */

import type { StepParameter, Template, WorkflowInput } from '../../openapi/arazzo/workflow.js';
import type { Operation, SecurityScheme } from '../../openapi/contract.js';
import type { Planned } from '../planned.js';
import type { Base } from './base.js';
import { carriedSchemes } from './body.js';
import { callStep, type Draft, withInput, withStep, workflowOf } from './draft.js';
import { forgeries } from './forgeries.js';
import { neverGiven } from './never-given.js';
import type { Thoroughness } from './thoroughness.js';

/** A credential and what it is; undefined: none is sent. */
type Credential = {
  readonly what: string;
  readonly value: Template | undefined;
  /** Where it stands instead of where it belongs. */
  readonly elsewhere?: readonly StepParameter[];
  readonly needed?: WorkflowInput | undefined;
};

/** The workflows that try credentials on an operation. */
export function securityCases(base: Base, thoroughness: Thoroughness = 'thorough'): readonly Planned[] {
  const { operation } = base;
  const isOptional = operation.security.some((requirement) => requirement.length === 0);
  if (isOptional) return [];
  const schemes = carriedSchemes(operation);
  return schemes.flatMap((scheme, index) => {
    const carrier = base.step.parameters.find((parameter) => isCarrier(parameter, scheme));
    if (carrier === undefined) return [];
    const all = credentials(scheme, carrier.value, base);
    // Beside the first, another is only tried as missing and as never given out; briefly, the first is.
    if (index > 0 && thoroughness === 'brief') return [];
    const isFull = index === 0 && thoroughness !== 'brief';
    const none = isFull ? all : all.filter(({ value }) => isNone(value));
    const tried = thoroughness === 'brief' ? none.filter(isPlain) : none;
    return tried.map(({ what, value, needed, elsewhere = [] }) => {
      const others = base.step.parameters.filter((parameter) => parameter !== carrier);
      const carried = value === undefined ? elsewhere : [{ ...carrier, value }];
      const parameters = [...others, ...carried];
      const draft: Draft = needed === undefined ? base.draft : withInput(base.draft, needed);
      const titled = schemes.length > 1 ? `${what} for ${scheme.name}` : what;
      const added = withStep(
        draft,
        callStep(titled, operation, { parameters, requestBody: base.step.requestBody }),
      );
      return caseOf(operation, added.draft, titled);
    });
  });
}

function isNone(value: Template | undefined): boolean {
  return value === undefined || (typeof value === 'string' && value.split(' ').at(-1) === neverGiven);
}

/** Whether there is nothing right anywhere. */
function isPlain({ value, elsewhere }: Credential): boolean {
  return elsewhere === undefined && (typeof value !== 'string' || !value.includes(','));
}

/** A right token at the places where a server may look for one that the contract knows nothing of. */
function elsewhere(token: string): Credential[] {
  const at = (where: 'query' | 'cookie' | 'header', names: readonly string[]): StepParameter[] =>
    names.map((name) => ({ name, in: where, value: token }));
  return [
    {
      what: 'the token in the query',
      value: undefined,
      elsewhere: at('query', ['access_token', 'token', 'jwt', 'auth_token', 'authorization']),
    },
    {
      what: 'the token in a cookie',
      value: undefined,
      elsewhere: at('cookie', ['access_token_cookie', 'access_token', 'token', 'jwt', 'session']),
    },
    {
      what: 'the token in other fields',
      value: undefined,
      elsewhere: at('header', ['X-Access-Token', 'X-Auth-Token', 'Proxy-Authorization']),
    },
  ];
}

function caseOf(operation: Operation, draft: Draft, what: string): Planned {
  const summary = `${operation.id} with ${what}`;
  return { workflow: workflowOf(summary, summary, draft), phase: 'security', operation, takesTime: false };
}

function isCarrier({ name, in: where }: StepParameter, { carrier }: SecurityScheme): boolean {
  if (carrier.kind === 'apiKey') return where === carrier.in && name === carrier.parameter;
  return where === 'header' && name.toLowerCase() === 'authorization';
}

function credentials(scheme: SecurityScheme, right: Template, { others, credential }: Base): Credential[] {
  if (typeof right !== 'string') return [];
  const none: Credential = { what: 'no credential', value: undefined };
  if (scheme.carrier.kind === 'apiKey') {
    return [
      none,
      { what: 'a key that was never given out', value: neverGiven },
      { what: 'an empty key', value: '' },
    ];
  }
  const [, name = 'Bearer', token = ''] = /^(\S+) (.+)$/s.exec(right) ?? [];
  const other = name === 'Basic' ? 'Bearer' : 'Basic';
  const spellings = [name.toLowerCase(), name.toUpperCase()].filter((spelling) => spelling !== name);
  const expression = /^\{(\$.+)\}$/.exec(token)?.[1];
  const forged = expression === undefined ? [] : forgeries(expression, credential);
  return [
    none,
    { what: 'the name of the scheme alone', value: name },
    { what: 'a credential that was never given out', value: `${name} ${neverGiven}` },
    { what: `the scheme ${other}`, value: `${other} ${token}` },
    { what: 'a token without a scheme', value: token },
    ...elsewhere(token),
    {
      what: 'two credentials in one field, the right one last',
      value: `${name} ${neverGiven}, ${name} ${token}`,
    },
    {
      what: 'two credentials in one field, the right one first',
      value: `${name} ${token}, ${name} ${neverGiven}`,
    },
    { what: 'quotation marks around the token', value: `${name} "${token}"` },
    { what: 'the letters of another scheme after those of this one', value: `${name}s ${token}` },
    ...spellings.map((spelling) => ({ what: `the scheme spelt ${spelling}`, value: `${spelling} ${token}` })),
    ...forged.map(({ what, value, needed }) => ({
      what: `a forged token: ${what}`,
      value: `${name} {${String(value)}}`,
      needed,
    })),
    ...others.map(([what, value]) => ({ what: `the ${what}`, value: `${name} {${String(value)}}` })),
  ];
}

/** Credentials of every wrong kind, for each operation that asks for one; and a right one, spelt as it may be. */

import type { Operation, SecurityScheme } from '../../openapi/contract.js';
import type { StepParameter, Template, WorkflowInput } from '../../openapi/workflow.js';
import type { Planned } from '../planned.js';
import type { Base } from './base.js';
import { callStep, type Draft, withInput, withStep, workflowOf } from './draft.js';
import { forgeries } from './forgeries.js';
import { neverGiven } from './never-given.js';

/** A credential and what it is; undefined: none is sent. */
type Credential = {
  readonly what: string;
  readonly value: Template | undefined;
  /** Where it stands instead of where it belongs. */
  readonly elsewhere?: readonly StepParameter[];
  readonly needed?: WorkflowInput | undefined;
};

/** The workflows that try credentials on an operation. */
export function securityCases(base: Base): readonly Planned[] {
  const { operation } = base;
  const [first] = operation.security.find((requirement) => requirement.length > 0) ?? [];
  const isOptional = operation.security.some((requirement) => requirement.length === 0);
  if (first === undefined || isOptional) return [];
  const { scheme } = first;
  const carrier = base.step.parameters.find((parameter) => isCarrier(parameter, scheme));
  if (carrier === undefined) return [];
  return credentials(scheme, carrier.value, base).map(({ what, value, needed, elsewhere = [] }) => {
    const others = base.step.parameters.filter((parameter) => parameter !== carrier);
    const carried = value === undefined ? elsewhere : [{ ...carrier, value }];
    const parameters = [...others, ...carried];
    const draft: Draft = needed === undefined ? base.draft : withInput(base.draft, needed);
    const added = withStep(
      draft,
      callStep(what, operation, { parameters, requestBody: base.step.requestBody }),
    );
    return caseOf(operation, added.draft, what);
  });
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

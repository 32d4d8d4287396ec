/** Credentials by the names of security schemes: which a contract asks for, and the way in that there are some for. */

import type { Contract, Operation, PathItem, SecurityScheme } from '../openapi/contract.js';
import type { Field } from '../openapi/http/message.js';

/** Credentials as a user gives them, by the name of the scheme. */
export type GivenCredentials = Readonly<Record<string, string>>;

/** The name of the input by which a credential, or the value of a parameter, is asked for. */
export function inputName(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]/g, '_');
}

/** The schemes that operations ask for, each once; all that are described, when none is asked for. */
export function schemesOf({
  operations,
  securitySchemes,
}: Pick<Contract, 'operations' | 'securitySchemes'>): readonly SecurityScheme[] {
  const used = operations.flatMap(({ security }) => security.flat().map(({ scheme }) => scheme));
  const distinct = new Map(used.map((scheme) => [scheme.name, scheme]));
  return distinct.size > 0 ? [...distinct.values()] : securitySchemes;
}

/** The scopes that operations ask of a scheme, of those ways in that the plan takes (OpenAPI 3.1, section 4.8.30). */
export function scopesOf({ operations }: Pick<Contract, 'operations'>, scheme: string): readonly string[] {
  const scopes = operations.flatMap(({ security }) =>
    (security.find((requirement) => requirement.length > 0) ?? []).flatMap((each) =>
      each.scheme.name === scheme ? each.scopes : [],
    ),
  );
  return [...new Set(scopes)];
}

/**
 * The contract with the way in first that there are credentials for: any one of the security requirements suffices, and a
 * plan takes the first (OpenAPI 3.1, section 4.8.10). What its rules tell how to get needs not be given.
 */
export function withWaysIn(contract: Contract, isGiven: (scheme: SecurityScheme) => boolean): Contract {
  const isOpen = ({ security }: Operation, index: number): boolean =>
    (security[index] ?? []).every(({ scheme }) => scheme.transitions.length > 0 || isGiven(scheme));
  const changed = new Map<Operation, Operation>();
  for (const operation of contract.operations) {
    const { security } = operation;
    const first = security.findIndex(
      (requirement, index) => requirement.length > 0 && isOpen(operation, index),
    );
    const way = security[first];
    if (first <= 0 || way === undefined) continue;
    changed.set(operation, { ...operation, security: [way, ...security.filter((each) => each !== way)] });
  }
  if (changed.size === 0) return contract;
  const own = (operation: Operation): Operation => changed.get(operation) ?? operation;
  const items = new Map<PathItem, PathItem>();
  const itemOf = (item: PathItem): PathItem => {
    const known = items.get(item);
    if (known !== undefined) return known;
    const operations = new Map([...item.operations].map(([method, each]) => [method, own(each)]));
    const made = { ...item, operations };
    items.set(item, made);
    return made;
  };
  return {
    ...contract,
    operations: contract.operations.map(own),
    match(path, asked) {
      const match = contract.match(path, asked);
      return match && { ...match, value: itemOf(match.value) };
    },
  };
}

/** Why no request can be made that an operation lets in: it wants a certificate, and there is none. */
export function withoutCertificate({ security }: Operation): string | undefined {
  const isBarred =
    security.length > 0 &&
    security.every((requirement) => requirement.some(({ scheme }) => scheme.carrier.kind === 'mutualTLS'));
  if (!isBarred) return undefined;
  return 'it wants a certificate of the client: give --client-cert and --client-key';
}

/**
 * Fields that carry credentials, told from those that do not. A credential that a user gives as a field is one: were it on
 * every request, a request without it could not be sent.
 */
export function credentialsIn(
  contract: Pick<Contract, 'operations' | 'securitySchemes'>,
  fields: readonly Field[],
): { readonly credentials: GivenCredentials; readonly others: readonly Field[] } {
  const schemes = schemesOf(contract);
  const found: Record<string, string> = {};
  const others = fields.flatMap(([name, value]): readonly Field[] => {
    const lower = name.toLowerCase();
    if (lower === 'cookie') return otherCookies(schemes, value, found).map((left) => [name, left] as const);
    const carried = schemes.filter((scheme) => isCarriedIn(scheme, lower, value));
    for (const { name: scheme, carrier } of carried)
      found[scheme] = carrier.kind === 'apiKey' ? value : value.replace(/^\S+\s*/, '');
    return carried.length > 0 ? [] : [[name, value]];
  });
  return { credentials: found, others };
}

function isCarriedIn({ carrier }: SecurityScheme, field: string, value: string): boolean {
  if (carrier.kind === 'apiKey') return carrier.in === 'header' && carrier.parameter.toLowerCase() === field;
  if (field !== 'authorization' || carrier.kind === 'mutualTLS') return false;
  const scheme = carrier.kind === 'http' ? carrier.scheme : 'bearer';
  return value.toLowerCase().startsWith(`${scheme} `);
}

/** What is left of a field Cookie when the credentials in it are taken out; nothing, when nothing is left. */
function otherCookies(
  schemes: readonly SecurityScheme[],
  value: string,
  found: Record<string, string>,
): readonly string[] {
  const left = value.split(';').flatMap((pair) => {
    const [name = '', ...rest] = pair.split('=');
    const scheme = schemes.find(
      ({ carrier }) =>
        carrier.kind === 'apiKey' && carrier.in === 'cookie' && carrier.parameter === name.trim(),
    );
    if (scheme === undefined) return [pair.trim()];
    found[scheme.name] = rest.join('=').trim();
    return [];
  });
  return left.length === 0 ? [] : [left.join('; ')];
}

/** What a user is to write for a scheme, as an example: `user:password`. */
export function placeholder({ carrier }: SecurityScheme): string {
  if (carrier.kind === 'apiKey') return '<key>';
  if (carrier.kind === 'http') return carrier.scheme === 'basic' ? '<user>:<password>' : '<token>';
  return carrier.kind === 'mutualTLS' ? '<certificate>' : '<token>, or <client_id>:<client_secret>';
}

/** Why a request that needs a credential of a scheme is not made, and what to do. */
export function notGivenFor(scheme: SecurityScheme): string {
  return `there is no credential for the security scheme ${scheme.name}: give --credential '${scheme.name}=${placeholder(scheme)}'`;
}

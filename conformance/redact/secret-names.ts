/** Which members, parameters and fields are secrets by their names, and which ones a contract marks. */

import type { Contract } from '../../openapi/contract.js';
import {
  type DocumentNode,
  type Documents,
  followReferences,
  membersOf,
  placeIn,
} from '../../openapi/document/documents.js';
import { isObject } from '../../openapi/json.js';

/** A name as it is compared: letters and digits in lower case, so that `Access-Token` is `accessToken`. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/** Names that end so are names of secrets: `new_password`, `fcmToken`, `X-Api-Key`. */
const endings = [
  ...['password', 'passwd', 'passphrase', 'passcode', 'secret', 'token', 'otp', 'jwt', 'credential'],
  ...['apikey', 'secretkey', 'privatekey', 'accesskey', 'signingkey', 'encryptionkey', 'sessionid'],
  ...['onetimecode', 'verificationcode', 'recoverycode', 'clientassertion', 'codeverifier'],
];

/** Names that are secrets only as a whole: `pin`, but not `shipping`. */
const wholeNames = new Set([
  ...['pwd', 'pass', 'pin', 'totp', 'mfacode', 'cvv', 'cvc', 'ssn', 'sid', 'phpsessid', 'jsessionid'],
  ...['authorization', 'proxyauthorization', 'auth', 'bearer', 'idtokenhint', 'xamzsecuritytoken'],
]);

/** Names that end like those of secrets and are none: they turn pages. */
const openNames = new Set([
  'pagetoken',
  'nextpagetoken',
  'previouspagetoken',
  'nexttoken',
  'continuationtoken',
  'synctoken',
]);

/** Whether a member, parameter or field of this name is a secret, whatever a contract says. */
export function isSecretName(name: string): boolean {
  const plain = plainName(name);
  if (openNames.has(plain)) return false;
  const singular = plain.replace(/s$/, '');
  return (
    wholeNames.has(plain) || endings.some((ending) => plain.endsWith(ending) || singular.endsWith(ending))
  );
}

/**
 * The names of the properties, parameters and headers of a contract that are secrets: those with `x-secret: true`,
 * `format: password`, `format: otp`, `writeOnly: true` or `contentMediaType: application/jwt`, and the keys of API key
 * schemes.
 */
export function secretMembers(contract: Contract): readonly string[] {
  return namesThatAre(true, contract);
}

/** The names of the properties, parameters and headers with `x-secret: false`: shown, whatever they are called. */
export function openMembers(contract: Contract): readonly string[] {
  return namesThatAre(false, contract);
}

function namesThatAre(secret: boolean, contract: Contract): readonly string[] {
  const documents = contract.documents;
  const names = new Set<string>();
  const note = (name: string, node: DocumentNode | undefined): void => {
    if (node !== undefined && isSecret(documents, node, 0) === secret) names.add(name);
  };
  const visit = (node: DocumentNode): void => {
    const { value, at } = node;
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) visit({ value: item, at: placeIn(at, index) });
      return;
    }
    if (!isObject(value)) return;
    if (typeof value.name === 'string' && typeof value.in === 'string') {
      if (value.type === 'apiKey') {
        if (secret) names.add(value.name);
      } else note(value.name, node);
    }
    for (const [key, member] of Object.entries(value)) {
      const inner = { value: member, at: placeIn(at, key) };
      if ((key === 'properties' || key === 'headers') && isObject(member))
        for (const [name, each] of Object.entries(member))
          note(name, { value: each, at: placeIn(inner.at, name) });
      visit(inner);
    }
  };
  for (const { file, value } of documents.sources.values()) visit({ value, at: { file, pointer: '' } });
  return [...names];
}

/** What a schema, parameter or header says of its values: that they are secrets, that they are none, or nothing. */
function isSecret(documents: Documents, node: DocumentNode, depth: number): boolean | undefined {
  const { value } = node;
  if (!isObject(value) || depth > 8) return undefined;
  if (typeof value['x-secret'] === 'boolean') return value['x-secret'];
  if (value.format === 'password' || value.format === 'otp' || value.writeOnly === true) return true;
  if (value.contentMediaType === 'application/jwt') return true;
  const target = typeof value.$ref === 'string' ? followReferences(documents, node) : undefined;
  const inner = membersOf(documents, node).flatMap(([key, member]) => {
    if (key === 'schema' || key === 'items') return [member];
    return /^(?:allOf|anyOf|oneOf)$/.test(key) ? membersOf(documents, member).map(([, each]) => each) : [];
  });
  for (const each of target === undefined ? inner : [target, ...inner]) {
    const said = isSecret(documents, each, depth + 1);
    if (said !== undefined) return said;
  }
  return undefined;
}
